import type { PinWriter, Written } from "./pin-writer.ts";
import { lineOf, type Raise } from "./raise.ts";

const fields = ["dependencies", "optionalDependencies", "devDependencies"] as const;

/**
 * npm's `package.json`: the version of what it asks for itself, and `overrides` for what others ask for. Whoever has a lock file
 * has to have it written anew too.
 */
export const packageJson: PinWriter = {
  type: "npm",
  form: /^package\.json$/,
  write(text, raises) {
    const manifest = readObject(text);
    if (!manifest) return { edits: [], raised: [] };
    const edits: Written["edits"][number][] = [];
    const raised: Raise[] = [];
    const overrides: Raise[] = [];
    for (const raise of raises) {
      const asked = specsOf(manifest, raise.name);
      if (asked.length === 0 || raise.nested) {
        // npm refuses to override what the project itself asks for: that may be of another line alone.
        if (asked.every((spec) => versionOf(spec) !== undefined && !isInLine(spec, raise))) overrides.push(raise);
        continue;
      }
      const places = asked.map((spec) => placeOf(text, raise, spec));
      if (places.some((place) => place === undefined)) continue;
      edits.push(...places.flatMap((place) => place ?? []));
      raised.push(raise);
    }
    const added = overrides.length > 0 ? override(text, manifest, overrides) : undefined;
    if (added) edits.push(added);
    return { edits, raised: added ? [...raised, ...overrides] : raised };
  },
};

/** Whether a manifest itself asks for a package. */
export function asksFor(text: string, name: string): boolean {
  return specsOf(readObject(text) ?? {}, name).length > 0;
}

function specsOf(manifest: Json, name: string): readonly string[] {
  return fields.flatMap((field) => {
    const spec = objectOf(manifest[field])?.[name];
    return typeof spec === "string" ? [spec] : [];
  });
}

type Json = Readonly<Record<string, unknown>>;

function readObject(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Where a dependency is asked for, when it is by one version, alone or as the lowest of its line. */
function placeOf(text: string, raise: Raise, spec: string): Written["edits"][number] | undefined {
  const version = versionOf(spec);
  if (version === undefined || !isInLine(spec, raise)) return undefined;
  const { name, to } = raise;
  const key = JSON.stringify(name);
  const found = [...text.matchAll(new RegExp(`${escape(key)}(\\s*:\\s*)${escape(JSON.stringify(spec))}`, "g"))];
  const [only] = found;
  if (found.length !== 1 || !only) return undefined;
  const start = only.index + key.length + (only[1]?.length ?? 0) + 1;
  return { range: { start, end: start + spec.length }, text: spec.slice(0, -version.length) + to };
}

/** Of one version, alone or as the lowest of its line. */
function versionOf(spec: string): string | undefined {
  return /^[~^]?(\d[\w.+-]*)$/.exec(spec)?.[1];
}

function isInLine(spec: string, { from }: Raise): boolean {
  return lineOf(versionOf(spec) ?? "") === lineOf(from);
}

/** Adds to `overrides`, at its end, or makes it at the end of the manifest. */
function override(text: string, manifest: Json, raises: readonly Raise[]): Written["edits"][number] | undefined {
  const known = objectOf(manifest["overrides"]);
  const fresh = raises.filter(({ name }) => known?.[name] === undefined);
  if (fresh.length < raises.length) return undefined;
  const indent = /^\{\s*?\n([ \t]+)/.exec(text.trimStart())?.[1] ?? "  ";
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = fresh.map(({ name, from, to }) => `${JSON.stringify(`${name}@${from}`)}: ${JSON.stringify(to)}`).sort();
  const inner = lines.map((line) => `${indent}${indent}${line}`).join(`,${newline}`);
  if (known) {
    const open = [...text.matchAll(/"overrides"\s*:\s*\{/g)];
    const [only] = open;
    if (open.length !== 1 || !only) return undefined;
    const at = only.index + only[0].length;
    const comma = Object.keys(known).length > 0 ? "," : `${newline}${indent}`;
    return { range: { start: at, end: at }, text: `${newline}${inner}${comma}` };
  }
  const last = text.trimEnd().length - 1;
  const at = text.slice(0, last).trimEnd().length;
  const comma = Object.keys(manifest).length > 0 ? "," : "";
  const tail = `${comma}${newline}${indent}"overrides": {${newline}${inner}${newline}${indent}}${newline}`;
  return { range: { start: at, end: last }, text: tail };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
