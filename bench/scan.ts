// What it takes to scan an image, in seconds of the processor, side by side in one run: a full scan against `weigh` of the same
// image, and a scan from the cache against `node -e 0`. `npm run bench:scan IMAGE`, an archive or a name with its scheme; a Debian
// image of some 150 MB is meant. How quickly a store is built and asked, bench/store.ts measures, which is run first; needs /usr/bin/time.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatRun, type Run, sideBySide, timedRun } from "./timed-run.ts";

const image = process.argv[2];
const tools = join(import.meta.dirname, "../tools/run.mjs");
if (!process.argv.includes("--image-only"))
  spawnSync(process.execPath, [tools, join(import.meta.dirname, "store.ts")], { stdio: "inherit" });
if (image === undefined) {
  process.stderr.write("skipped: no image was named, as in npm run bench:scan -- archive:debian.tar\n");
  process.exit(0);
}
const cache = mkdtempSync(join(tmpdir(), "plimsoll-bench-cache-"));
const cli = join(import.meta.dirname, "../dist/cli.cjs");
const run = (command: string, more: readonly string[] = [], times = 1): Run =>
  timedRun(
    process.execPath,
    [cli, command, image, "-f", "json", "-o", join(cache, "report"), "-q", ...more],
    { PLIMSOLL_CACHE: cache, XDG_CACHE_HOME: cache },
    [0, 1, 3],
    times,
  );
try {
  for (const command of ["scan", "weigh"]) for (let round = 0; round < 2; round++) run(command); // fills caches of files and of code
  const { weigh, scan } = sideBySide(5, {
    weigh: () => run("weigh", ["--no-cache"]),
    scan: () => run("scan", ["--no-cache"]),
  });
  const { node, again } = sideBySide(9, {
    node: () => timedRun(process.execPath, ["-e", "0"], {}, [0], 10),
    again: () => run("scan", [], 10),
  });
  process.stdout.write(
    [
      `weigh, every layer   ${formatRun(weigh)}`,
      `scan, every layer    ${formatRun(scan)}; ${(scan.cpu / weigh.cpu).toFixed(2)} of weigh`,
      `node -e 0            ${formatRun(node)}`,
      `scan from the cache  ${formatRun(again)}; ${(again.cpu / node.cpu).toFixed(2)} of node -e 0`,
      "",
    ].join("\n"),
  );
} finally {
  rmSync(cache, { recursive: true, force: true });
}
