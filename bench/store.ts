// How quickly a store is built and asked: `node tools/run.mjs bench/store.ts [FOLDER]`. Building and asking are measured in processes
// of their own, so that memory and the time to open are those of a fresh start.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const from = resolve(process.argv[2] ?? join(root, "../shared/advisories"));
const work = mkdtempSync(join(tmpdir(), "plimsoll-bench-store-"));
const store = join(work, "store");
const advisories = JSON.stringify(join(root, "src/advisories/index.ts"));

/** A program that is run in a new process each time, and prints figures as JSON. */
async function program(name: string, code: string): Promise<() => Readonly<Record<string, number>>> {
  const outfile = join(work, `${name}.mjs`);
  await build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
  });
  return () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [outfile], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Readonly<Record<string, number>>;
  };
}

try {
  const building = await program(
    "build",
    `import { buildStore, openStore } from ${advisories};
    const start = performance.now();
    buildStore(${JSON.stringify(from)}, ${JSON.stringify(store)});
    const wall = performance.now() - start;
    const { info } = openStore(${JSON.stringify(store)});
    const records = info.feeds.reduce((sum, { items }) => sum + items, 0);
    const { userCPUTime, maxRSS } = process.resourceUsage();
    console.log(JSON.stringify({ wall, cpu: userCPUTime / 1000, records, peak: maxRSS / 1024 }));`,
  );
  const { wall = 1, cpu = 1, records = 0, peak = 0 } = building();
  console.log(
    `build   ${records} records in ${(wall / 1000).toFixed(1)} s (${(cpu / 1000).toFixed(1)} s of processor), ` +
      `${Math.round((records / wall) * 1000)} a second, peak ${Math.round(peak)} MiB, ${(statSync(store).size / 1e6).toFixed(1)} MB on disk`,
  );
  const asking = await program(
    "ask",
    `import { openStore } from ${advisories};
    const names = ${JSON.stringify(sampleKeys())};
    const start = performance.now();
    const before = process.cpuUsage();
    const store = openStore(${JSON.stringify(store)});
    let found = 0;
    let events = 0;
    for (const [ecosystem, name] of names)
      for (const { withdrawn, affected } of store.find(ecosystem, name)) {
        found++;
        if (withdrawn === undefined) for (const { ranges } of affected) events += ranges.length;
      }
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ time: performance.now() - start, cpu: (user + system) / 1000, found, events, keys: names.length }));`,
  );
  const times: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < 9; round++) {
    const asked = asking();
    times.push(asked["time"] ?? Number.POSITIVE_INFINITY);
    processor.push(asked["cpu"] ?? Number.POSITIVE_INFINITY);
    if (round === 0) console.log(`ask     ${asked["keys"]} packages, ${asked["found"]} advisories`);
  }
  times.sort((a, b) => a - b);
  processor.sort((a, b) => a - b);
  console.log(
    `        open and ask: ${times[0]?.toFixed(1)} ms at best, ${times[4]?.toFixed(1)} ms in the median of nine; ` +
      `of the processor ${processor[0]?.toFixed(1)} ms and ${processor[4]?.toFixed(1)} ms`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** 500 look-ups as an image makes them: source packages of a distribution, and libraries, of which most are not in the store. */
function sampleKeys(): readonly (readonly [string, string])[] {
  const debian = [
    "openssl",
    "glibc",
    "perl",
    "curl",
    "krb5",
    "zlib",
    "bash",
    "systemd",
    "util-linux",
    "pam",
    "apt",
    "dpkg",
  ];
  const npm = ["lodash", "minimist", "express", "semver", "ws", "axios", "debug", "ms", "tar", "next"];
  const python = [
    "django",
    "flask",
    "jinja2",
    "requests",
    "urllib3",
    "pillow",
    "numpy",
    "cryptography",
    "pip",
    "setuptools",
  ];
  const keys: [string, string][] = [
    ...debian.map((name): [string, string] => ["Debian:12", name]),
    ...npm.map((name): [string, string] => ["npm", name]),
    ...python.map((name): [string, string] => ["PyPI", name]),
  ];
  for (let i = 0; keys.length < 500; i++)
    keys.push([["Debian:12", "npm", "PyPI", "Go"][i % 4] ?? "npm", `package-${i}`]);
  return keys;
}
