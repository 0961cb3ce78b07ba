import type { MatchState } from "../../advisories/index.ts";
import type { SourceText } from "../../core/index.ts";
import { matchesGlob } from "../glob.ts";
import { type Json, objectOf, objectsOf, textOf } from "../json-value.ts";
import { readYaml } from "../read-yaml.ts";
import type { IgnoreRule, IgnoreSubject } from "./ignore-rule.ts";
import { wholePattern } from "./whole-pattern.ts";
import type { VexStatus } from "./vex/statement.ts";

/** Grype's `fix-state`, and the states that mean it. */
const fixStates: Readonly<Record<string, readonly MatchState[]>> = {
  fixed: ["fixed"],
  "not-fixed": ["affected", "fix-deferred", "end-of-life", "under-investigation"],
  "wont-fix": ["will-not-fix"],
  unknown: [],
};

/** Grype's names of package types, where they are not those of package URLs. */
const types: Readonly<Record<string, string>> = {
  python: "pypi",
  "go-module": "golang",
  "java-archive": "maven",
  "rust-crate": "cargo",
  "php-composer": "composer",
  dotnet: "nuget",
  "alpm-package": "alpm",
  binary: "generic",
};
const languages: Readonly<Record<string, string>> = {
  javascript: "npm",
  python: "pypi",
  go: "golang",
  java: "maven",
  rust: "cargo",
  ruby: "gem",
  php: "composer",
  dotnet: "nuget",
};
const vexStatuses: ReadonlySet<string> = new Set<VexStatus>([
  "not_affected",
  "affected",
  "fixed",
  "under_investigation",
]);

/**
 * Reads the `ignore` rules of `.grype.yaml`: all that a rule names must hold. A rule that asks for what this program does not
 * know (`match-type`, `namespace`, `vex-justification`) holds nothing back.
 * @throws PlimsollError config.invalid
 */
export async function readGrypeConfig(source: SourceText): Promise<readonly IgnoreRule[]> {
  const root = objectOf(await readYaml(source));
  return objectsOf(root["ignore"]).map((rule, index) => grypeRule(rule, `${source.path}: ignore[${index}]`));
}

function grypeRule(rule: Json, by: string): IgnoreRule {
  const id = textOf(rule["vulnerability"]);
  const one = objectOf(rule["package"]);
  const why = textOf(rule["reason"]);
  const vexStatus = textOf(rule["vex-status"]);
  const conditions = [
    ...fixCondition(textOf(rule["fix-state"])),
    ...packageConditions(one, by),
    ...(["match-type", "namespace", "vex-justification"].some((key) => textOf(rule[key]) !== undefined) ? [never] : []),
    ...(vexStatus !== undefined && !vexStatuses.has(vexStatus) ? [never] : []),
  ];
  const names = [id, rule["fix-state"], ...Object.values(one), vexStatus].filter((part) => typeof part === "string");
  return {
    by,
    names: names.join(", ") || "nothing",
    ids: id === undefined ? [] : [id.toUpperCase()],
    purls: [],
    paths: [],
    // An empty rule is a slip, not a wish to hear of nothing.
    accepts: names.length === 0 ? never : (subject) => conditions.every((holds) => holds(subject)),
    ...(vexStatus !== undefined && vexStatuses.has(vexStatus) ? { vexStatus: vexStatus as VexStatus } : {}),
    ...(why === undefined ? {} : { why }),
  };
}

type Condition = (subject: IgnoreSubject) => boolean;
const never: Condition = () => false;

function fixCondition(state: string | undefined): readonly Condition[] {
  if (state === undefined) return [];
  const meant = Object.hasOwn(fixStates, state) ? (fixStates[state] ?? []) : [];
  return [({ match }) => meant.includes(match.state)];
}

function packageConditions(one: Json, by: string): readonly Condition[] {
  const text = (key: string): string | undefined => textOf(one[key]);
  const [name, version, type, language] = [text("name"), text("version"), text("type"), text("language")];
  const [location, upstream] = [text("location"), text("upstream-name")];
  const conditions: Condition[] = [];
  if (name !== undefined) {
    const fits = wholePattern(name, `${by}.package.name`);
    conditions.push(({ match }) => fits(match.name));
  }
  if (upstream !== undefined) {
    const fits = wholePattern(upstream, `${by}.package.upstream-name`);
    conditions.push((subject) => fits(subject.package?.source?.name ?? ""));
  }
  if (version !== undefined) conditions.push(({ match }) => match.version === version);
  if (type !== undefined) conditions.push(({ purl }) => purl?.type === (types[type] ?? type));
  if (language !== undefined) conditions.push(({ purl }) => purl?.type === (languages[language] ?? language));
  if (location !== undefined)
    conditions.push((subject) => (subject.package?.files ?? []).some((file) => matchesGlob(file, anchored(location))));
  return conditions;
}

/** Grype's locations begin with a slash. */
function anchored(glob: string): string {
  return glob.startsWith("/") ? glob : `/${glob}`;
}
