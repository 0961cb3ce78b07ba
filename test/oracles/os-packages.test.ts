import { execFileSync, spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInCatalogers, catalogFiles, type Package, parsePurl } from "../../src/packages/index.ts";
import { bytesOf, directoryOf } from "../support/files.ts";
import { type LabEngine, labEngine } from "../support/lab.ts";
import { rootFiles } from "../support/root-files.ts";
import { buildRpmSystem, hasRpmTools, queryBerkeley, type RpmSystem } from "../support/rpm-systems.ts";

const engine = labEngine("13");
const roots = resolve(import.meta.dirname, "../../../shared/rootfs");
if (!existsSync(roots)) process.stderr.write("skipped: no root file systems lie beside the project\n");
if (!hasRpmTools()) process.stderr.write("skipped: rpm, rpmbuild or sqlite3 is not installed\n");

const debian = ["bullseye", "bookworm", "trixie"].flatMap((name) => [`debian:${name}`, `debian:${name}-slim`]);
const alpine = ["alpine:3.10.9", "alpine:3.11.13", "alpine:3.18.9", "alpine:3.20.3"];
const query = "${db:Status-Status} ${Package} ${Version} ${source:Package} ${source:Version} ${Architecture}\\n";

/** All packages in some files; every cataloger runs, none may fail or find damage. */
function packagesIn(files: ReadonlyMap<string, Uint8Array>, types: readonly string[]): Package[] {
  const { packages, failures, unreadable } = catalogFiles(directoryOf(files), builtInCatalogers);
  expect({ failures, unreadable }).toEqual({ failures: [], unreadable: [] });
  return packages.filter(({ type }) => types.includes(type));
}

function inContainer({ env }: LabEngine, image: string, ...command: string[]): string[] {
  const args = ["run", "--rm", "--network", "none", image, ...command];
  return execFileSync("docker", args, { env, encoding: "utf8", maxBuffer: 1 << 28 })
    .split("\n")
    .filter(Boolean)
    .sort();
}

async function exportOf({ env }: LabEngine, image: string): Promise<Map<string, Uint8Array>> {
  const container = execFileSync("docker", ["create", image, "true"], { env, encoding: "utf8" }).trim();
  try {
    return await rootFiles(
      spawn("docker", ["export", container], { env, stdio: ["ignore", "pipe", "inherit"] }).stdout,
    );
  } finally {
    execFileSync("docker", ["rm", container], { env, stdio: "ignore" });
  }
}

const debLine = ({ name, version, source, arch }: Package): string =>
  `installed ${name} ${version} ${source?.name} ${source?.version} ${arch}`;

describe.skipIf(!engine)("packages in images", () => {
  it.each(debian)(
    "%s: what dpkg-query says inside, source names and versions, and the files it lists",
    { timeout: 180_000 },
    async (image) => {
      if (!engine) return;
      const files = await exportOf(engine, image);
      const started = performance.now();
      const packages = packagesIn(files, ["deb"]);
      const took = performance.now() - started;
      const said = inContainer(engine, image, "dpkg-query", "-W", "-f", query).filter((line) =>
        line.startsWith("installed "),
      );
      expect(packages.map(debLine).sort()).toEqual(said);
      expect(packages.length).toBeGreaterThan(70);
      expect(took).toBeLessThan(2000);
      const number = { bullseye: "11", bookworm: "12", trixie: "13" }[image.replace(/^debian:|-slim$/g, "")];
      expect(packages.map(({ purl }) => parsePurl(purl)?.qualifiers?.["distro"])).toEqual(
        packages.map(() => `debian-${number}`),
      );
      const listed = inContainer(engine, image, "dpkg", "-L", "coreutils");
      const coreutils = packages.find(({ name }) => name === "coreutils");
      expect(coreutils?.owns?.filter((path) => !listed.includes(`/${path}`))).toEqual([]);
      expect(coreutils?.owns?.length).toBeGreaterThan(90);
      expect(coreutils?.licenses.join()).toContain("GPL-3");

      // The same as a distroless image has it: one record a file, without a state, its sums beside it.
      const status = Buffer.from(files.get("var/lib/dpkg/status") ?? []).toString();
      const bare = new Map([...files].filter(([path]) => !path.startsWith("var/lib/dpkg/")));
      for (const stanza of status.split("\n\n").filter((text) => /^Status: \S+ \S+ installed$/m.test(text))) {
        const name = /^Package: (.*)$/m.exec(stanza)?.[1] ?? "";
        bare.set(`var/lib/dpkg/status.d/${name}`, bytesOf(`${stanza.replace(/^Status:.*\n/m, "")}\n`));
        const sums = files.get(`var/lib/dpkg/info/${name}.md5sums`);
        if (sums) bare.set(`var/lib/dpkg/status.d/${name}.md5sums`, sums);
      }
      const distroless = packagesIn(bare, ["deb"]);
      expect(distroless.map(debLine).sort()).toEqual(said);
      expect(distroless.find(({ name }) => name === "coreutils")?.owns?.length).toBeGreaterThan(90);
    },
  );

  it.each(alpine)("%s: what apk info says inside, and the files it lists", { timeout: 60_000 }, async (image) => {
    if (!engine) return;
    const packages = packagesIn(await exportOf(engine, image), ["apk"]);
    expect(packages.map(({ name, version }) => `${name}-${version}`).sort()).toEqual(
      inContainer(engine, image, "apk", "info", "-v"),
    );
    const [, ...listed] = inContainer(engine, image, "apk", "info", "-q", "-L", "busybox").sort();
    const owned = packages.find(({ name }) => name === "busybox")?.owns ?? [];
    expect([...owned].sort()).toEqual(expect.arrayContaining(listed));
  });
});

describe.skipIf(!existsSync(roots))("packages in Alpine's root file systems", () => {
  const index = existsSync(roots)
    ? (JSON.parse(readFileSync(join(roots, "index.json"), "utf8")) as {
        file: string;
        version: string;
        packages: { name: string; version: string; origin: string; license: string }[];
      }[])
    : [];
  it.each(index.map((root) => [root.file, root] as const))("%s: what its index says", async (file, root) => {
    const files = await rootFiles(createReadStream(join(roots, file)).pipe(createGunzip()));
    const packages = packagesIn(files, ["apk"]);
    const ours = packages.map(({ name, version, source, licenses }) => ({
      name,
      version,
      origin: source?.name,
      license: licenses.join(),
    }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(ours.sort(byName)).toEqual(root.packages.sort(byName));
    expect(parsePurl(packages[0]?.purl ?? "")?.qualifiers?.["distro"]).toBe(`alpine-${root.version}`);
  });
});

describe.skipIf(!hasRpmTools())("packages in rpm databases", () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-rpm-"));
  const systems: RpmSystem[] = [];
  beforeAll(() => {
    for (const seed of [1, 2, 3]) systems.push(buildRpmSystem(join(directory, String(seed)), seed));
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** As rpm's query of the oracle writes it. */
  const rpmLine = ({ name, version, arch, source, vendor, licenses, modularity }: Package): string => {
    const [epoch, bare] = version.includes(":") ? version.split(":") : ["0", version];
    const dash = bare?.lastIndexOf("-") ?? 0;
    const sourceRpm = `${source?.name}-${source?.version.replace(/^\d+:/, "")}.src.rpm`;
    const last = [vendor ?? "(none)", licenses.join(), modularity ?? "(none)"];
    return [name, epoch, bare?.slice(0, dash), bare?.slice(dash + 1), arch, sourceRpm, ...last].join("\t");
  };
  const found = (path: string, bytes: Uint8Array): Package[] => packagesIn(new Map([[path, bytes]]), ["rpm"]);
  const ownedLines = (packages: readonly Package[]): string[] =>
    packages.flatMap(({ name, owns }) => (owns ?? []).map((path) => `${name}\t/${path}`)).sort();

  it("of the SQLite format: what rpm -qa says, and the files of each", () => {
    for (const system of systems) {
      expect(system.packages.length).toBeGreaterThan(12);
      for (const path of [
        "var/lib/rpm/rpmdb.sqlite",
        "usr/lib/sysimage/rpm/rpmdb.sqlite",
        "usr/share/rpm/rpmdb.sqlite",
      ]) {
        const packages = found(path, system.sqlite);
        expect(packages.map(rpmLine).sort()).toEqual(system.packages);
        expect(ownedLines(packages)).toEqual(system.files);
      }
    }
  });

  it("of the ndb format: the same", () => {
    for (const system of systems) {
      const packages = found("usr/lib/sysimage/rpm/Packages.db", system.ndb);
      expect(packages.map(rpmLine).sort()).toEqual(system.packages);
      expect(ownedLines(packages)).toEqual(system.files);
    }
  });

  it("of Berkeley DB in both byte orders: the same, and what rpm reads in them", () => {
    for (const system of systems) {
      if (system.berkeley.length === 0) process.stderr.write("skipped: db5.3_load is not installed\n");
      for (const bytes of system.berkeley) {
        const packages = found("var/lib/rpm/Packages", bytes);
        expect(packages.map(rpmLine).sort()).toEqual(system.packages);
        expect(ownedLines(packages)).toEqual(system.files);
      }
      const [native] = system.berkeley;
      if (native) expect(queryBerkeley(directory, native)).toEqual(system.packages);
    }
  });
});
