import type { RandomAccess } from "../../core/index.ts";
import { databaseLimits } from "../limits.ts";
import { berkeleyBlobs, isBerkeley } from "./berkeley.ts";
import { parseRpmHeader, type RpmHeader } from "./header.ts";
import { isNdb, ndbBlobs } from "./ndb.ts";
import { isSqlite, sqliteBlobs } from "./sqlite.ts";

/** A package as it is kept of an rpm database: a header with its needs told as names of packages. */
export interface RpmRecord extends Omit<RpmHeader, "files" | "provides" | "requires"> {
  readonly requires: readonly string[];
  /** Directories ("/usr/bin/") and the names of files in them. */
  readonly files: readonly (readonly [directory: string, names: readonly string[]])[];
}

/** Characters of file names that are kept of one database, and values of one list in a header. */
const mostCharacters = 48 << 20;
const mostValues = 500_000;

/** What is kept of an rpm database in place of its bytes: its packages, without keys, as JSON. Damage leaves fewer packages. */
export function condenseRpmDatabase(file: RandomAccess): Uint8Array {
  const found: Omit<RpmHeader, "provides">[] = [];
  const providers = new Map<string, string>();
  for (const blob of blobsOf(file)) {
    const header = parseRpmHeader(blob, mostValues);
    // A key that rpm trusts is kept as a package of this name.
    if (!header || header.name === "gpg-pubkey") continue;
    const { provides, ...rest } = header;
    for (const one of [rest.name, ...provides]) if (!providers.has(one)) providers.set(one, rest.name);
    found.push(rest);
    if (found.length >= databaseLimits.packages) break;
  }
  let characters = 0;
  const records = found.map(({ files, requires, ...rest }): RpmRecord => {
    const needs = new Set(requires.flatMap((need) => providers.get(need) ?? []));
    needs.delete(rest.name);
    for (const [directory, names] of files)
      characters += names.reduce((sum, name) => sum + name.length + 3, directory.length);
    return { ...rest, requires: [...needs].sort(), files: characters <= mostCharacters ? [...files] : [] };
  });
  return new TextEncoder().encode(JSON.stringify(records));
}

/** The records of a kept database; none where it is not one. */
export function readRpmRecords(text: string): readonly RpmRecord[] {
  try {
    const records: unknown = JSON.parse(text);
    return Array.isArray(records) ? records.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is RpmRecord {
  const record = value as Partial<Record<keyof RpmRecord, unknown>> | null;
  return (
    typeof record === "object" &&
    record !== null &&
    typeof record.name === "string" &&
    typeof record.version === "string" &&
    typeof record.release === "string" &&
    Array.isArray(record.requires) &&
    Array.isArray(record.files)
  );
}

function blobsOf(file: RandomAccess): Iterable<Uint8Array> {
  if (isSqlite(file)) return sqliteBlobs(file, "Packages");
  if (isNdb(file)) return ndbBlobs(file);
  return isBerkeley(file) ? berkeleyBlobs(file) : [];
}
