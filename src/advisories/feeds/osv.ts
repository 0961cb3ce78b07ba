import type { RandomAccess } from "../../core/index.ts";
import { ecosystemFamily } from "../ecosystem.ts";
import type { Feed, FeedItem, FeedSurroundings } from "./feed.ts";
import { parseJson } from "./json.ts";
import { advisoryFromOsv } from "./osv-record.ts";
import { linesOf, wholeText } from "./whole-text.ts";
import { zipEntries } from "./zip-entries.ts";

const recordBytes = 16 << 20;

/** Folders of the bucket that hold no advisories for packages. */
const nothing = new Set(["severity", "kev", "epss", "runtimes", "debian-tracker", "alpine-secdb", "wolfi-secdb"]);

/**
 * The public OSV bucket: `<Ecosystem>/all.zip` with one record a file, `<Ecosystem>/modified_id.csv` with what stands in it, and
 * `<Ecosystem>/<ID>.json`. Records newer than the archive are kept beside it, one a line, in `newer.jsonl`.
 */
export const osv: Feed = {
  id: "osv",
  summary: "OSV records of distributions and language ecosystems",
  publisher: "OSV.dev and the databases it gathers",
  licence: "each database's own; see https://google.github.io/osv.dev/data/",
  address: "https://osv-vulnerabilities.storage.googleapis.com/",
  rank: 1,
  files: (ecosystems) =>
    [...new Set(ecosystems.map(ecosystemFamily))]
      .filter((family) => family !== "runtimes")
      .map((family) => ({
        remote: `${encodeURIComponent(family)}/all.zip`,
        path: `${family}/all.zip`,
        limit: 4 * 2 ** 30,
      })),
  reads(path) {
    const [folder = "", file = "", more] = path.split("/");
    return more === undefined && !nothing.has(folder) && (file.endsWith(".json") || isCollection(file));
  },
  about: (path) => path.slice(0, path.indexOf("/")),
  *read(file, surroundings) {
    const { path } = surroundings;
    if (path.endsWith("/all.zip")) yield* readArchive(file, surroundings);
    else if (path.endsWith(".jsonl"))
      for (const line of linesOf(wholeText(file, path, 256 << 20))) yield* item(parseJson(line, path));
    else yield* item(parseJson(wholeText(file, path, recordBytes), path));
  },
};

function isCollection(file: string): boolean {
  return file === "all.zip" || file === "newer.jsonl";
}

function* readArchive(file: RandomAccess, { path, text }: FeedSurroundings): Generator<FeedItem> {
  const standing = standingIds(text(path.replace(/all\.zip$/, "modified_id.csv")));
  for (const entry of zipEntries(file)) {
    if (!entry.name.endsWith(".json")) continue;
    const id = entry.name.slice(entry.name.lastIndexOf("/") + 1, -".json".length);
    if (standing && !standing.has(id)) continue;
    yield* item(parseJson(Buffer.from(entry.read()).toString("utf8"), `${path} (${id.slice(0, 100)})`));
  }
}

function* item(record: unknown): Generator<FeedItem> {
  const advisory = advisoryFromOsv(record);
  if (advisory) yield { kind: "advisory", advisory };
}

/** The ids of a `modified_id.csv`; what an archive has beyond them was taken back since. */
function standingIds(csv: string | undefined): ReadonlySet<string> | undefined {
  if (csv === undefined) return undefined;
  const ids = new Set<string>();
  for (const { id } of modifiedIds(csv)) ids.add(id);
  return ids.size > 0 ? ids : undefined;
}

/** The rows of a `modified_id.csv`, newest first; rows that are none are left out. */
export function* modifiedIds(csv: string): Generator<{ readonly modified: string; readonly id: string }> {
  for (const line of linesOf(csv)) {
    const row = /^(\d{4}-\d{2}-\d{2}T[0-9:.]{8,20}Z),(?:[^,/]{1,50}\/)?([A-Za-z0-9][A-Za-z0-9:._-]{0,99})$/.exec(line);
    if (row?.[1] !== undefined && row[2] !== undefined) yield { modified: row[1], id: row[2] };
  }
}
