import type { SourceText } from "../../core/index.ts";
import { matchesGlob } from "../glob.ts";
import { type Json, objectOf, objectsOf } from "../json-value.ts";
import { readYaml } from "../read-yaml.ts";
import {
  grypeFixStates,
  grypeLanguages,
  grypeMatchType,
  grypeMatchTypes,
  grypeNamespaces,
  grypeTypes,
} from "./grype-terms.ts";
import type { IgnoreRule, IgnoreSubject } from "./ignore-rule.ts";
import type { VexStatus } from "./vex/statement.ts";
import { wholePattern } from "./whole-pattern.ts";

type Condition = (subject: IgnoreSubject) => boolean;
/** The condition a value makes; a text is what is wrong with the value. */
type ReadField = (value: string, place: string) => Condition | string;

const vexStatuses: readonly VexStatus[] = ["not_affected", "affected", "fixed", "under_investigation"];

/** A field whose value is one of Grype's words. */
function word(known: readonly string[], condition: (value: string) => Condition): ReadField {
  return (value) => (known.includes(value) ? condition(value) : `is none of ${known.join(", ")}`);
}

const ruleFields: Readonly<Record<string, ReadField>> = {
  "fix-state": word(
    Object.keys(grypeFixStates),
    (value) =>
      ({ match }) =>
        grypeFixStates[value]?.includes(match.state) ?? false,
  ),
  namespace:
    (value) =>
    ({ match }) =>
      grypeNamespaces(match).includes(value),
  "match-type": word(
    grypeMatchTypes,
    (value) =>
      ({ match }) =>
        grypeMatchType(match) === value,
  ),
  "vex-status": word(
    vexStatuses,
    (value) =>
      ({ vex }) =>
        vex?.status === value,
  ),
  "vex-justification":
    (value) =>
    ({ vex }) =>
      vex?.justification === value,
};

const packageFields: Readonly<Record<string, ReadField>> = {
  name(value, place) {
    const fits = wholePattern(value, place);
    return ({ match }) => fits(match.name);
  },
  version:
    (value) =>
    ({ match }) =>
      match.version === value,
  type: word(
    Object.keys(grypeTypes),
    (value) =>
      ({ purl }) =>
        purl?.type === grypeTypes[value],
  ),
  language: word(
    Object.keys(grypeLanguages),
    (value) =>
      ({ purl }) =>
        purl?.type === grypeLanguages[value],
  ),
  location(value) {
    // Grype's locations begin with a slash.
    const glob = value.startsWith("/") ? value : `/${value}`;
    return (subject) => (subject.package?.files ?? []).some((file) => matchesGlob(file, glob));
  },
  /** Of a package that is built from a source of another name. */
  "upstream-name"(value, place) {
    const fits = wholePattern(value, place);
    return ({ match, package: one }) => {
      const upstream = one?.source?.name;
      return upstream !== undefined && upstream !== match.name && fits(upstream);
    };
  },
};

/** What narrows nothing: ids, and whether their aliases count too, which they always do here. */
const otherFields = ["vulnerability", "reason", "package", "include-aliases"];

/**
 * Reads the `ignore` rules of `.grype.yaml`: all that a rule names must hold. A rule with a field or a value that cannot be
 * honoured holds nothing back, and says so.
 * @throws PlimsollError config.invalid
 */
export async function readGrypeConfig(source: SourceText): Promise<readonly IgnoreRule[]> {
  const root = objectOf(await readYaml(source));
  return objectsOf(root["ignore"]).map((rule, index) => grypeRule(rule, `${source.path}: ignore[${index}]`));
}

function grypeRule(rule: Json, by: string): IgnoreRule {
  const faults: string[] = [];
  const names: string[] = [];
  const conditions: Condition[] = [];
  const text = (value: unknown, place: string): string | undefined => {
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    faults.push(`${place} must be a text, in quotes where it looks like a number`);
    return undefined;
  };
  const read = (
    fields: Readonly<Record<string, ReadField>>,
    from: Json,
    others: readonly string[],
    prefix = "",
  ): void => {
    for (const [key, written] of Object.entries(from)) {
      if (others.includes(key)) continue;
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (!field) faults.push(`${prefix}${key} is no field that is known`);
      const value = field && text(written, prefix + key);
      if (!field || value === undefined) continue;
      names.push(value);
      const condition = field(value, `${by}.${prefix}${key}`);
      if (typeof condition === "string") faults.push(`${prefix}${key} ${condition}`);
      else conditions.push(condition);
    }
  };
  const id = text(rule["vulnerability"], "vulnerability");
  const why = text(rule["reason"], "reason");
  if (id !== undefined) names.push(id);
  read(packageFields, objectOf(rule["package"]), [], "package.");
  read(ruleFields, rule, otherFields);
  const fault = faults[0] ?? (names.length === 0 ? "it names nothing" : undefined);
  return {
    by,
    names: names.join(", ") || "nothing",
    ids: id === undefined ? [] : [id.toUpperCase()],
    purls: [],
    paths: [],
    accepts: (subject) => fault === undefined && conditions.every((holds) => holds(subject)),
    ...(fault === undefined ? {} : { fault }),
    ...(why === undefined ? {} : { why }),
  };
}
