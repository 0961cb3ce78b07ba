import type { RandomAccess } from "../../core/index.ts";
import { listOf, objectOf, parseJson, textOf } from "../documents.ts";
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

/** Bytes of the least header: two counts. Berkeley DB keeps a number of four bytes among the packages. */
const leastHeader = 8;

/** What is kept of an rpm database in place of its bytes: its packages, without keys, as JSON. Damage leaves fewer packages, and is told. */
export function condenseRpmDatabase(file: RandomAccess): Uint8Array {
  const found: Omit<RpmHeader, "provides">[] = [];
  const providers = new Map<string, string>();
  let damage: string | undefined;
  const damaged = (reason: string): void => void (damage ??= reason);
  for (const blob of blobsOf(file, damaged)) {
    const header = parseRpmHeader(blob, mostValues);
    if (!header && blob.length >= leastHeader) damaged("a record in it is damaged");
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
  return new TextEncoder().encode(JSON.stringify({ records, damage }));
}

/** The records of a kept database, and what is wrong with it; none where it is not one. */
export function readRpmRecords(text: string): { readonly records: readonly RpmRecord[]; readonly damage?: string } {
  const kept = objectOf(parseJson(text));
  const damage = textOf(kept?.["damage"]);
  return { records: listOf(kept?.["records"]).filter(isRecord), ...(damage !== undefined && { damage }) };
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

function blobsOf(file: RandomAccess, damaged: (reason: string) => void): Iterable<Uint8Array> {
  if (isSqlite(file)) return sqliteBlobs(file, "Packages", damaged);
  if (isNdb(file)) return ndbBlobs(file, damaged);
  if (isBerkeley(file)) return berkeleyBlobs(file, damaged);
  // SQLite takes an empty file for a database without tables.
  if (file.size > 0) damaged("it is no database of rpm");
  return [];
}
