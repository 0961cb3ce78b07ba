import { PlimsollError, type Severity, severities, type SourceText } from "../core/index.ts";
import { defaultSitePolicy } from "../rules/index.ts";
import type { PathIgnore, Policy } from "./policy.ts";
import { readYaml } from "./read-yaml.ts";
import { readVulnerabilityIgnores } from "./scan-policy/read-vulnerability-ignores.ts";

/** The ids a configuration may name: rule ids and their aliases → rule ids; undefined for what nobody knows. */
export type ResolveRule = (id: string) => readonly string[] | undefined;

type Plain = Readonly<Record<string, unknown>>;
const keys = [
  "fail-on",
  "rules",
  "ignore",
  "vulnerabilities",
  "trusted-registries",
  "context-limit",
  "labels",
  "strict-labels",
  "exclude",
  "inline-ignores",
];
const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1 << 10,
  mib: 1 << 20,
  gib: 1 << 30,
};

function invalid(
  message: string,
  hint = "plimsoll init writes a commented example; the keys are in docs/reference/configuration.md",
): PlimsollError {
  return new PlimsollError("config.invalid", message, { hint });
}

/**
 * Reads `plimsoll.yaml`.
 * @throws PlimsollError config.invalid with the key at fault
 */
export async function readConfig(source: SourceText, resolve: ResolveRule, base: Policy): Promise<Policy> {
  const value = await readYaml(source);
  if (value === null || value === undefined) return base;
  const root = plain(value, source.path, "the file");
  for (const key of Object.keys(root)) {
    if (!keys.includes(key))
      throw invalid(
        `${source.path}: unknown key ${key}`,
        `did you mean ${nearest(key, keys)}? known keys: ${keys.join(", ")}`,
      );
  }
  const rules =
    root["rules"] === undefined ? {} : readRules(plain(root["rules"], source.path, "rules"), source.path, resolve);
  return {
    severities: { ...base.severities, ...rules },
    failOn: root["fail-on"] === undefined ? base.failOn : readLevel(root["fail-on"], source.path),
    ignores: [
      ...base.ignores,
      ...list(root["ignore"], source.path, "ignore").map((item, i) => readIgnore(item, source.path, i, resolve)),
    ],
    vulnerabilities: [
      ...base.vulnerabilities,
      ...readVulnerabilityIgnores(list(root["vulnerabilities"], source.path, "vulnerabilities"), source.path),
    ],
    inlineIgnores: root["inline-ignores"] === undefined ? base.inlineIgnores : root["inline-ignores"] === true,
    exclude: [...base.exclude, ...strings(root["exclude"], source.path, "exclude")],
    site: {
      ...defaultSitePolicy,
      ...base.site,
      ...(root["trusted-registries"] === undefined
        ? {}
        : { trustedRegistries: strings(root["trusted-registries"], source.path, "trusted-registries") }),
      ...(root["context-limit"] === undefined ? {} : { contextLimit: readBytes(root["context-limit"], source.path) }),
      ...(root["labels"] === undefined ? {} : { labels: readLabels(plain(root["labels"], source.path, "labels")) }),
      ...(root["strict-labels"] === undefined ? {} : { strictLabels: root["strict-labels"] === true }),
    },
  };
}

function plain(value: unknown, path: string, name: string): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${path}: ${name} must be a mapping`);
  return value as Plain;
}

function list(value: unknown, path: string, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${path}: ${name} must be a list`);
  return value;
}

function strings(value: unknown, path: string, name: string): readonly string[] {
  return list(value, path, name).map((item) => {
    if (typeof item !== "string") throw invalid(`${path}: ${name} must be a list of texts`);
    return item;
  });
}

function readLevel(value: unknown, path: string): Severity | "none" {
  if (value === "none" || (typeof value === "string" && (severities as readonly string[]).includes(value)))
    return value as Severity | "none";
  throw invalid(`${path}: fail-on cannot be ${String(value)}`, `it takes ${severities.join(", ")} or none`);
}

function readRules(value: Plain, path: string, resolve: ResolveRule): Record<string, Severity | "off" | "on"> {
  const result: Record<string, Severity | "off" | "on"> = {};
  for (const [id, level] of Object.entries(value)) {
    const resolved = resolve(id);
    if (!resolved)
      throw new PlimsollError("usage.unknown-rule", `${path}: there is no rule ${id}`, {
        hint: "plimsoll rules lists them",
      });
    for (const rule of resolved) result[rule] = readRuleLevel(level, `${path}: rules.${id}`);
  }
  return result;
}

/** YAML 1.1 habits: `off` and `on` may arrive as booleans. */
export function readRuleLevel(level: unknown, name: string): Severity | "off" | "on" {
  if (level === false || level === "off") return "off";
  if (level === true || level === "on") return "on";
  if (typeof level === "string" && (severities as readonly string[]).includes(level)) return level as Severity;
  throw invalid(`${name} cannot be ${String(level)}`, `it takes ${severities.join(", ")}, on or off`);
}

function readIgnore(value: unknown, path: string, index: number, resolve: ResolveRule): PathIgnore {
  const item = plain(value, path, `ignore[${index}]`);
  const ids =
    typeof item["rule"] === "string"
      ? [item["rule"]]
      : strings(item["rules"] ?? item["rule"], path, `ignore[${index}].rule`);
  if (ids.length === 0) throw invalid(`${path}: ignore[${index}] names no rule`);
  const text = (key: string): string | undefined => {
    const value = item[key];
    if (value === undefined) return undefined;
    return value instanceof Date ? value.toISOString().slice(0, 10) : asText(value);
  };
  const until = text("until");
  if (until !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(until))
    throw invalid(`${path}: ignore[${index}].until must be a day, YYYY-MM-DD`);
  const [where, reason] = [text("path"), text("reason")];
  return {
    rules: ids.flatMap((id) => resolve(id) ?? [id]),
    ...(where === undefined ? {} : { path: where }),
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
  };
}

function readBytes(value: unknown, path: string): number {
  if (typeof value === "number" && value >= 0) return value;
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)$/i.exec(String(value));
  if (!match) throw invalid(`${path}: context-limit cannot be ${String(value)}`, 'write it like "50MB"');
  return Math.round(Number(match[1]) * (units[(match[2] ?? "b").toLowerCase()] ?? 1));
}

function readLabels(value: Plain): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).map(([name, kind]) => [name, kind === "" || kind === null ? "text" : asText(kind)]),
  );
}

const hadolintLevels: Readonly<Record<string, Severity>> = {
  error: "high",
  warning: "medium",
  info: "low",
  style: "info",
};

/** Reads `.hadolint.yaml`: ignored, override, trustedRegistries, label-schema, strict-labels, failure-threshold, no-fail, disable-ignore-pragma. Codes nobody knows are let be. */
export async function readHadolintConfig(source: SourceText, resolve: ResolveRule, base: Policy): Promise<Policy> {
  const value = await readYaml(source);
  if (value === null || value === undefined) return base;
  const root = plain(value, source.path, "the file");
  const levels: Record<string, Severity | "off" | "on"> = { ...base.severities };
  const override =
    root["override"] === undefined || root["override"] === null ? {} : plain(root["override"], source.path, "override");
  for (const [level, severity] of Object.entries(hadolintLevels)) {
    for (const id of strings(override[level], source.path, `override.${level}`))
      for (const rule of resolve(id) ?? []) levels[rule] = severity;
  }
  for (const id of strings(root["ignored"], source.path, "ignored"))
    for (const rule of resolve(id) ?? []) levels[rule] = "off";
  const threshold = root["failure-threshold"];
  const failOn =
    root["no-fail"] === true || threshold === "none" || threshold === "ignore"
      ? "none"
      : (hadolintLevels[String(threshold)] ?? base.failOn);
  const trusted = strings(root["trustedRegistries"], source.path, "trustedRegistries");
  const labels = root["label-schema"];
  return {
    ...base,
    severities: levels,
    failOn,
    inlineIgnores: root["disable-ignore-pragma"] !== true && base.inlineIgnores,
    site: {
      ...base.site,
      ...(trusted.length === 0 ? {} : { trustedRegistries: trusted }),
      ...(labels === undefined || labels === null
        ? {}
        : { labels: readLabels(plain(labels, source.path, "label-schema")) }),
      ...(root["strict-labels"] === undefined ? {} : { strictLabels: root["strict-labels"] === true }),
    },
  };
}

/** Reads a list of ids, one a line (`.trivyignore`, `.dockleignore`): rules of all of them are off, unless `exp:` is past. */
export function readIdList(source: SourceText, resolve: ResolveRule, base: Policy, today: string): Policy {
  const levels: Record<string, Severity | "off" | "on"> = { ...base.severities };
  for (const line of source.text.split(/\r?\n/)) {
    const [id, ...rest] = line.trim().split(/\s+/);
    if (!id || id.startsWith("#")) continue;
    const until = rest.map((word) => /^exp:(\d{4}-\d{2}-\d{2})$/.exec(word)?.[1]).find((found) => found !== undefined);
    if (until !== undefined && until < today) continue;
    for (const rule of resolve(id) ?? []) levels[rule] = "off";
  }
  return { ...base, severities: levels };
}

/** The nearest of `words` by edit distance. */
export function nearest(word: string, words: readonly string[]): string {
  let best = words[0] ?? "";
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const distance = editDistance(word.slice(0, 64), candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
