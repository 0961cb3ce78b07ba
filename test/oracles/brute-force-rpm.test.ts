import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { buildStore, builtInSchemes, matchPackages, openStore } from "../../src/advisories/index.ts";
import { builtInCatalogers, catalogFiles, type Package } from "../../src/packages/index.ts";
import { sharedData } from "../support/advisory-data.ts";
import { directoryOf } from "../support/files.ts";
import { randomSource } from "../support/generate.ts";
import { buildRpmSystem, hasRpmTools, type RpmSystem } from "../support/rpm-systems.ts";
import { type InstalledPackage, type LowerThan, matchByBruteForce } from "./brute-force-matcher.ts";

const rpmProgram = "rpm";
const ecosystem = "Fedora:40";
const seeds = [21, 22, 23];
const published = ["AlmaLinux", "Fedora", "Oracle Linux", "Red Hat", "Rocky Linux", "SUSE", "openSUSE"];
const advisories = sharedData("advisories");
const there = published.filter((name) => advisories !== undefined && existsSync(join(advisories, name)));
if (!hasRpmTools()) process.stderr.write("skipped: rpm, rpmbuild or sqlite3 is not installed\n");

const root = mkdtempSync(join(tmpdir(), "plimsoll-brute-rpm-"));
const systems: RpmSystem[] = [];
beforeAll(() => {
  if (hasRpmTools()) for (const seed of seeds) systems.push(buildRpmSystem(join(root, String(seed)), seed));
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** By rpm itself: its comparison of epoch, version and release, as its Lua has it. */
const rpmLower: LowerThan = (pairs) => {
  const script = join(root, "compare.lua");
  writeFileSync(
    script,
    'for line in io.lines() do local a, b = line:match("^(%S+) (%S+)$") print((rpm.vercmp(a, b) < 0 and "1" or "0") .. "\\n") end',
  );
  const input = pairs.map(([a, b]) => `${a} ${b}\n`).join("");
  const { stdout } = spawnSync(rpmProgram, ["--eval", `%{lua: dofile("${script}")}`], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line === "1");
};

/** What rpm -qa said of a system; a binary package is looked for by its own name. */
function installedIn(system: RpmSystem): readonly InstalledPackage[] {
  return system.packages.map((line) => {
    const [name = "", epoch, version, release, , , , , label] = line.split("\t");
    const evr = `${epoch === "0" || epoch === "(none)" ? "" : `${epoch}:`}${version}-${release}`;
    return { name, source: name, version: evr, modular: label !== "(none)" };
  });
}

/** Advisories about the packages of some systems: fixed just below, at and above what is installed, and never. */
function writeAdvisories(folder: string, packages: readonly InstalledPackage[]): number {
  const random = randomSource(7);
  const records = packages.flatMap(({ name, version }, at) => {
    const [, epoch = "", upstream = "", release = ""] = /^(?:(\d+):)?(.*)-([^-]*)$/.exec(version) ?? [];
    const prefix = epoch === "" ? "" : `${epoch}:`;
    const near = [
      version,
      `${prefix}${upstream}-${release}.1`,
      `${prefix}${upstream}~rc9-${release}`,
      `${prefix}${upstream}^1-${release}`,
      `${prefix}${upstream}.0-1.module+el9+5+x`,
      `${prefix}${upstream}-0.1.module+el9+5+x`,
      `${prefix}${upstream}-99.module+el9+5+x`,
      `${Number(epoch) + 1}:0-1`,
      `${upstream}-${release}.fc40`,
      `${prefix}${upstream}-0`,
      `${prefix}0${upstream}-${release}`,
      undefined,
    ];
    return near
      .filter(() => random.chance(0.7))
      .map((fixed, nth) => ({
        id: `FEDORA-2024-${at}-${nth}`,
        modified: "2024-01-01T00:00:00Z",
        upstream: [`CVE-2024-${1000 + at * 20 + nth}`],
        affected: [
          {
            package: { ecosystem, name },
            ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, ...(fixed === undefined ? [] : [{ fixed }])] }],
          },
        ],
      }));
  });
  mkdirSync(join(folder, "Fedora"), { recursive: true });
  const pack =
    "import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], 'w')\nfor r in json.load(sys.stdin): z.writestr(r['id'] + '.json', json.dumps(r))\nz.close()";
  const input = JSON.stringify(records);
  const packed = spawnSync("python3", ["-c", pack, join(folder, "Fedora/all.zip")], { input, encoding: "utf8" });
  if (packed.status !== 0) return 0;
  writeFileSync(
    join(folder, "Fedora/modified_id.csv"),
    records.map(({ id }) => `2024-01-01T00:00:00Z,${id}\n`).join(""),
  );
  writeFileSync(join(folder, "ecosystems.txt"), "Fedora\n");
  return records.length;
}

function packagesOf(system: RpmSystem): readonly Package[] {
  const view = directoryOf(new Map([["var/lib/rpm/rpmdb.sqlite", system.sqlite]]));
  return catalogFiles(view, builtInCatalogers).packages;
}

function compare(context: TestContext, folder: string, archive: string, ecosystems: readonly string[]): number {
  buildStore(folder, join(folder, "store"));
  const store = openStore(join(folder, "store"));
  let found = 0;
  try {
    for (const system of systems)
      for (const one of ecosystems) {
        const forced = matchByBruteForce(archive, one, installedIn(system), rpmLower);
        if (!forced) return context.skip("there is no python3 to read the archives apart");
        const release = { family: "fedora", ecosystems: [one] };
        const { matches } = matchPackages(packagesOf(system), release, store, builtInSchemes);
        const ours = new Set(matches.map(({ package: { name }, id }) => `${name} ${id}`));
        expect([...ours].sort()).toEqual(forced);
        found += forced.length;
      }
  } finally {
    store.close();
  }
  return found;
}

describe.skipIf(!hasRpmTools())(
  "what is found in rpm's databases is what brute force finds with rpm's own comparison",
  () => {
    it("of advisories about their packages, fixed about the versions that are installed", {
      timeout: 180_000,
    }, (context) => {
      const folder = join(root, "advisories");
      const all = new Map(systems.flatMap(installedIn).map((one) => [`${one.name} ${one.version}`, one]));
      const written = writeAdvisories(folder, [...all.values()]);
      if (written === 0) context.skip("there is no python3 to write the archive with");
      expect(all.size).toBeGreaterThan(40);
      const found = compare(context, folder, join(folder, "Fedora/all.zip"), [ecosystem]);
      expect(found).toBeGreaterThan(100);
      expect(found).toBeLessThan(written);
    });

    it("of what distributions that use rpm publish", { timeout: 180_000 }, (context) => {
      if (there.length === 0) {
        process.stderr.write(`skipped: no advisories of ${published.join(", ")} lie beside the project\n`);
        context.skip("no advisories of a distribution that uses rpm lie beside the project");
      }
      for (const name of there) {
        const folder = join(root, name);
        mkdirSync(folder);
        spawnSync("cp", ["-r", join(advisories ?? "", name), folder]);
        writeFileSync(join(folder, "ecosystems.txt"), `${name}\n`);
        compare(context, folder, join(folder, name, "all.zip"), [`${name}:9`]);
      }
    });
  },
);
