import { canonicalName, languageEcosystems } from "../../advisories/index.ts";
import type { Purl } from "../../packages/index.ts";

/** Whether a package URL names what another, perhaps shorter one, names: what `pattern` leaves out is not asked for. */
export function purlMatches(pattern: Purl, subject: Purl): boolean {
  if (pattern.type !== subject.type || nameOf(pattern) !== nameOf(subject)) return false;
  if (pattern.version !== undefined && !versionsOf(subject).includes(pattern.version)) return false;
  if (pattern.subpath !== undefined && pattern.subpath !== subject.subpath) return false;
  return Object.entries(pattern.qualifiers ?? {}).every(
    ([key, value]) => key === "epoch" || subject.qualifiers?.[key] === value,
  );
}

/** Namespace and name, in the spelling in which the registry tells names apart. */
function nameOf({ type, namespace, name }: Purl): string {
  const ecosystem = languageEcosystems[type];
  const same = (part: string): string => (ecosystem === undefined ? part : canonicalName(ecosystem, part));
  return `${same(namespace ?? "")}/${same(name)}`;
}

/** An epoch is written into the version by some, and as a qualifier by others (purl type definition of rpm). */
function versionsOf({ version = "", qualifiers }: Purl): readonly string[] {
  const epoch = qualifiers?.["epoch"];
  return epoch === undefined ? [version, version.replace(/^0:/, "")] : [version, `${epoch}:${version}`];
}
