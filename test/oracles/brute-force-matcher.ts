// Finds vulnerable packages the slow and plain way: every record of a bucket's archive is looked at for every package, versions are
// compared by the distribution's own tool. Nothing of it is shared with the program it is compared to.
import { spawnSync } from "node:child_process";

export interface InstalledPackage {
  readonly name: string;
  readonly source: string;
  readonly version: string;
  /** Built for a stream of a module: only advisories of modules are about it, and none of those about others. */
  readonly modular?: boolean;
}

/** For each pair of versions, whether the first is lower. */
export type LowerThan = (pairs: readonly (readonly [string, string])[]) => readonly boolean[];

interface Entry {
  readonly id: string;
  readonly about: readonly string[];
  readonly name: string;
  readonly events: readonly Readonly<Record<string, string>>[];
}

const reader = `
import json, sys, zipfile
archive, ecosystem = sys.argv[1], sys.argv[2]
with zipfile.ZipFile(archive) as z:
    for name in z.namelist():
        record = json.loads(z.read(name))
        if record.get("withdrawn"):
            continue
        about = [i for i in record.get("upstream", []) + record.get("aliases", []) if i.startswith("CVE-")]
        for affected in record.get("affected", []):
            if affected["package"]["ecosystem"] != ecosystem:
                continue
            for r in affected.get("ranges", []):
                print(json.dumps({"id": record["id"], "about": about, "name": affected["package"]["name"], "events": r["events"]}))
`;

/** "package vulnerability" for each pair that fits, sorted; undefined where there is no Python to read the archive with. */
export function matchByBruteForce(
  archive: string,
  ecosystem: string,
  packages: readonly InstalledPackage[],
  lowerThan: LowerThan,
): readonly string[] | undefined {
  const read = spawnSync("python3", ["-c", reader, archive, ecosystem], { encoding: "utf8", maxBuffer: 1 << 30 });
  if (read.status !== 0) return undefined;
  const entries = read.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry);
  const questions: { readonly one: InstalledPackage; readonly entry: Entry; readonly bound: string }[] = [];
  const found = new Set<string>();
  const ownRecord = (name: string, cve: string): boolean =>
    entries.some((entry) => entry.name === name && entry.about.length === 1 && entry.about[0] === cve);
  const report = (one: InstalledPackage, entry: Entry): void => {
    if (entry.about.length === 0) found.add(`${one.name} ${entry.id}`);
    for (const cve of entry.about)
      if (entry.about.length === 1 || !ownRecord(entry.name, cve)) found.add(`${one.name} ${cve}`);
  };
  for (const one of packages)
    for (const entry of entries) {
      if (entry.name !== one.source) continue;
      const fix = entry.events.find((event) => event["fixed"] !== undefined)?.["fixed"];
      if (one.modular !== undefined && one.modular !== (fix ?? "").includes(".module+")) continue;
      // Every range of these archives is "from the first version up to a fix", or without one.
      const [start, end, more] = entry.events;
      if (start?.["introduced"] !== "0" || more) throw new Error(`${entry.id} has a range of another kind`);
      if (end?.["fixed"] === undefined) report(one, entry);
      else questions.push({ one, entry, bound: end["fixed"] });
    }
  const answers = lowerThan(questions.map(({ one, bound }) => [one.version, bound] as const));
  questions.forEach(({ one, entry }, i) => {
    if (answers[i] === undefined) throw new Error("a comparison has no answer");
    if (answers[i]) report(one, entry);
  });
  return [...found].sort();
}
