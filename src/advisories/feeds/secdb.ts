import type { RandomAccess } from "../../core/index.ts";
import type { Advisory, Affected } from "../advisory.ts";
import type { Feed, FeedItem } from "./feed.ts";
import { listIn, objectIn, parseJson, textIn } from "./json.ts";
import { invalidFeed } from "./refusal.ts";
import { wholeText } from "./whole-text.ts";

const fileBytes = 128 << 20;
/** Alpine releases that have a security database; those that are no more, or not yet, are left out when fetching. */
const releases = [...Array.from({ length: 25 }, (_, i) => `v3.${i + 10}`), "edge"];

/** Alpine's security database: per release and repository, which version of a source package fixes which ids. */
export const alpineSecdb: Feed = {
  id: "alpine-secdb",
  summary: "fixed and never affected versions of Alpine packages",
  publisher: "Alpine Linux",
  licence: "none stated",
  address: "https://secdb.alpinelinux.org/",
  rank: 2,
  files: (ecosystems) =>
    releases
      .filter((release) => ecosystems.includes("Alpine") || ecosystems.includes(`Alpine:${release}`))
      .flatMap((release) =>
        ["main", "community"].map((repository) => ({
          remote: `${release}/${repository}.json`,
          path: `alpine-secdb/${release}/${repository}.json`,
          limit: fileBytes,
          optional: true,
        })),
      ),
  reads: (path) => /^alpine-secdb\/(?:v\d+\.\d+|edge)\/[a-z]+\.json$/.test(path),
  about: () => "Alpine",
  read: (file, { path }) => readSecdb(file, path, `Alpine:${path.split("/")[1] ?? ""}`, "ALPINE-"),
};

export const wolfiSecdb: Feed = {
  id: "wolfi-secdb",
  summary: "fixed and never affected versions of Wolfi packages",
  publisher: "Chainguard",
  licence: "the publisher's terms for security data",
  address: "https://packages.wolfi.dev/os/",
  rank: 2,
  files: (ecosystems) =>
    ecosystems.includes("Wolfi")
      ? [{ remote: "security.json", path: "wolfi-secdb/security.json", limit: fileBytes }]
      : [],
  reads: (path) => path === "wolfi-secdb/security.json",
  about: () => "Wolfi",
  read: (file, { path }) => readSecdb(file, path, "Wolfi", "WOLFI-"),
};

function* readSecdb(file: RandomAccess, path: string, ecosystem: string, prefix: string): Generator<FeedItem> {
  const database = objectIn(parseJson(wholeText(file, path, fileBytes), path));
  if (!Array.isArray(database["packages"])) throw invalidFeed(`${path} is not a security database`);
  for (const entry of listIn(database["packages"], 200_000)) {
    const about = objectIn(objectIn(entry)["pkg"]);
    const name = textIn(about["name"], 300);
    if (name === undefined) continue;
    const found = new Map<string, Affected>();
    for (const [fixed, ids] of Object.entries(objectIn(about["secfixes"])))
      for (const text of listIn(ids, 5000))
        for (const id of idsIn(text))
          found.set(
            id,
            fixed === "0"
              ? { ecosystem, name, ranges: [], versions: [], state: "not-affected" }
              : { ecosystem, name, ranges: [{ events: [{ introduced: "0" }, { fixed }] }], versions: [] },
          );
    for (const [id, affected] of found) yield { kind: "advisory", advisory: advisoryOf(id, prefix, affected) };
  }
}

/** An entry may hold several ids and remarks: "CVE-2020-1 (+ regression fix)", "CVE-2019-2 GHSA-…", "CVE_2018-3". The CVEs count, or else what else there is. */
function idsIn(entry: unknown): readonly string[] {
  const text = typeof entry === "string" ? entry.slice(0, 300) : "";
  const cves = [...text.matchAll(/\bCVE[-_](\d{4})[-_](\d{4,9})\b/g)].map(
    ([, year, number]) => `CVE-${year}-${number}`,
  );
  if (cves.length > 0) return [...new Set(cves)];
  const other = /\b(?:GHSA|XSA|ZBX|RUSTSEC|GO|GNUTLS-SA|VSV)-[\w-]{1,40}/.exec(text)?.[0];
  return other === undefined ? [] : [other];
}

/** Named as OSV names Alpine's, so that the two are one; the id itself is what it is about. */
function advisoryOf(id: string, prefix: string, affected: Affected): Advisory {
  return { id: prefix + id, aliases: [], upstream: [id], severities: [], affected: [affected] };
}
