import {
  type FetchedFile,
  fetchFile,
  type FetchRequest,
  kindOf,
  removePath,
  writeFileAtomically,
} from "../host/index.ts";
import { modifiedIds } from "./feeds/osv.ts";
import { parseJson } from "./feeds/json.ts";
import { linesOf } from "./feeds/whole-text.ts";
import { readSmallFile } from "./small-file.ts";

/** So many changed records are fetched one by one; from there on the whole archive is less work for both sides. */
const most = 400;
const atOnce = 8;

/**
 * Brings one ecosystem of an OSV bucket up to date: `modified_id.csv` says what changed since the archive was fetched; few
 * records are fetched alone and kept beside the archive, many with a new archive.
 * @param archive the request for its `all.zip`
 * @throws PlimsollError feed.unreachable, feed.invalid, feed.limit
 */
export async function refreshBucket(archive: FetchRequest): Promise<FetchedFile["outcome"]> {
  const list = sibling(archive, "modified_id.csv");
  const newer = archive.path.replace(/all\.zip$/, "newer.jsonl");
  const mark = archive.path.replace(/all\.zip$/, "newest");
  const listed = (await fetchFile(list)).outcome;
  const since = kindOf(archive.path) === "file" ? readSmallFile(mark) : undefined;
  const rows = listed === "missing" ? [] : [...modifiedIds(readSmallFile(list.path) ?? "")];
  const newest = rows.reduce((latest, { modified }) => (modified > latest ? modified : latest), "");

  if (since !== undefined && rows.length > 0) {
    if (since === newest) return listed === "fetched" ? "fetched" : "unchanged";
    const changed = rows.filter(({ modified }) => modified > since);
    if (
      changed.length <= most &&
      (await fetchRecords(
        archive,
        changed.map(({ id }) => id),
        newer,
      ))
    ) {
      writeFileAtomically(mark, newest);
      return "fetched";
    }
  }
  // Without a mark the next run fetches the archive again, should this one be cut off in between.
  removePath(mark);
  const { outcome } = await fetchFile(archive);
  if (outcome === "missing") return outcome;
  if (outcome === "fetched") removePath(newer);
  writeFileAtomically(mark, newest);
  return outcome === "unchanged" && listed === "fetched" ? "fetched" : outcome;
}

/** Adds records to those kept beside the archive; false when one cannot be had. */
async function fetchRecords(archive: FetchRequest, ids: readonly string[], newer: string): Promise<boolean> {
  const kept = new Map<string, string>();
  for (const line of linesOf(readSmallFile(newer) ?? "")) kept.set(idOf(line), line);
  for (let at = 0; at < ids.length; at += atOnce) {
    const lines = await Promise.all(ids.slice(at, at + atOnce).map((id) => fetchRecord(archive, id)));
    for (const line of lines) {
      if (line === undefined) return false;
      kept.set(idOf(line), line);
    }
  }
  const text = [...kept.keys()]
    .sort()
    .map((id) => `${kept.get(id) ?? ""}\n`)
    .join("");
  writeFileAtomically(newer, text);
  return true;
}

async function fetchRecord(archive: FetchRequest, id: string): Promise<string | undefined> {
  const single = sibling(archive, `${id}.json`);
  const { outcome } = await fetchFile({ ...single, path: `${single.path}.record` });
  const text = outcome === "missing" ? undefined : readSmallFile(`${single.path}.record`);
  removePath(`${single.path}.record`);
  removePath(`${single.path}.record.from`);
  return text === undefined ? undefined : JSON.stringify(parseJson(text, single.address));
}

function idOf(line: string): string {
  return /"id":"([^"]{1,100})"/.exec(line)?.[1] ?? line.slice(0, 100);
}

function sibling(archive: FetchRequest, name: string): FetchRequest {
  return {
    address: archive.address.replace(/all\.zip$/, encodeURIComponent(name)),
    path: archive.path.replace(/all\.zip$/, name),
    limit: 256 << 20,
    ...(archive.signal ? { signal: archive.signal } : {}),
  };
}
