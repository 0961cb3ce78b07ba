// Makes src/advisories/data/starter-store.bin: `node tools/run.mjs tools/starter-store.ts [FOLDER]`. The folder is laid out like
// the OSV bucket. Facts only (ids, packages, versions, ranges, severities, dates): no text that somebody wrote is passed on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildStore, packStarterStore } from "../src/advisories/index.ts";

const root = resolve(import.meta.dirname, "..");
const from = resolve(process.argv[2] ?? join(root, "../shared/advisories"));
const output = join(root, "src/advisories/data/starter-store.bin");
const limit = 8 << 20;

const work = mkdtempSync(join(tmpdir(), "plimsoll-starter-"));
try {
  const store = join(work, "starter.store");
  buildStore(from, store, { withoutProse: true });
  const packed = packStarterStore(readFileSync(store));
  if (packed.length > limit) throw new Error(`the starter store takes ${packed.length} bytes, more than ${limit}`);
  writeFileSync(output, packed);
  process.stdout.write(`${packed.length} bytes\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
