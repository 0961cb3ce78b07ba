// Compiles the table of Docker Official Images: node tools/run.mjs tools/official-images.ts DIRECTORY
// DIRECTORY holds official-images.json (what is built today) and official-images-history.json (what no longer is).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { byExactness } from "../src/bases/tag.ts";

interface Entry {
  readonly tags: readonly string[];
  readonly sharedTags?: readonly string[];
  readonly constraints?: readonly string[];
}
interface Snapshot {
  readonly snapshot: string;
  readonly source: { readonly repository: string; readonly commit: string };
  readonly images: Readonly<Record<string, readonly Entry[]>>;
}
interface History {
  readonly images: Readonly<
    Record<
      string,
      { readonly removed?: string; readonly retired: Readonly<Record<string, readonly [string, string, string]>> }
    >
  >;
}

const directory = process.argv[2] ?? "../shared";
const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), "utf8"));
const snapshot = read("official-images.json") as Snapshot;
const history = read("official-images-history.json") as History;

const names = [...new Set([...Object.keys(snapshot.images), ...Object.keys(history.images)])].sort();
const blocks = names.map((name) => {
  const lines: string[] = [];
  const past = history.images[name];
  if (past?.removed) lines.push(`X ${past.removed}`);
  // A tag shared by Linux and Windows means the Linux image here: entries with constraints are Windows.
  for (const entry of snapshot.images[name] ?? [])
    if (!entry.constraints?.length)
      lines.push(`L ${frontCode([...entry.tags, ...(entry.sharedTags ?? [])].sort(byExactness))}`);
  const groups = new Map<string, string[]>();
  for (const [tag, [exact, , gone]] of Object.entries(past?.retired ?? {})) {
    const key = `${gone.replaceAll("-", "")} ${exact}`;
    groups.set(key, [...(groups.get(key) ?? []), tag]);
  }
  for (const [key, tags] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [gone = "", exact = ""] = key.split(" ");
    lines.push(
      `R ${gone} ${frontCode([exact, ...tags.filter((tag) => !/windowsservercore|nanoserver/.test(tag)).sort()])}`,
    );
  }
  return lines.join("\n");
});

/** Each word as the count of characters it shares with the one before (one digit in base 36), and the rest. */
function frontCode(words: readonly string[]): string {
  return words
    .map((word, i) => {
      const before = words[i - 1] ?? "";
      let shared = 0;
      while (shared < 35 && shared < word.length && word[shared] === before[shared]) shared++;
      return shared.toString(36) + word.slice(shared);
    })
    .join(" ");
}

let offset = 0;
const index = names.map((name, i) => {
  const length = blocks[i]?.length ?? 0;
  const line = `${name} ${offset} ${length}`;
  offset += length + 1;
  return line;
});
const head = `Docker Official Images as of ${snapshot.snapshot}\nsource: ${snapshot.source.repository} commit ${snapshot.source.commit} (Apache-2.0)\n`;
const text = `${head}${index.join("\n")}\n\n${blocks.join("\n")}\n`;
writeFileSync("src/bases/data/official-images.txt", text);
process.stdout.write(`${names.length} names, ${text.length} bytes\n`);
