import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInCatalogers, catalogFiles } from "../../src/packages/index.ts";
import { bytesOf, directoryOf } from "../support/files.ts";
import { buildRpmSystem, hasRpmTools, type RpmSystem } from "../support/rpm-systems.ts";

if (!hasRpmTools()) process.stderr.write("skipped: rpm, rpmbuild or sqlite3 is not installed\n");

/** How many packages are found in a file, and the reason it is said to be unreadable for. */
function read(path: string, content: Uint8Array | string): { packages: number; reason: string | undefined } {
  const bytes = typeof content === "string" ? bytesOf(content) : content;
  const { packages, failures, unreadable } = catalogFiles(directoryOf(new Map([[path, bytes]])), builtInCatalogers);
  expect(failures).toEqual([]);
  for (const one of unreadable) expect(one.path).toBe(path);
  return { packages: packages.length, reason: unreadable[0]?.reason };
}

describe.skipIf(!hasRpmTools())("an rpm database that is damaged is said to be unreadable", () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-unreadable-"));
  let system: RpmSystem | undefined;
  beforeAll(() => {
    system = buildRpmSystem(directory, 5, 12);
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ["SQLite", "var/lib/rpm/rpmdb.sqlite", () => [system?.sqlite ?? []]],
    ["ndb", "usr/lib/sysimage/rpm/Packages.db", () => [system?.ndb ?? []]],
    ["Berkeley DB", "var/lib/rpm/Packages", () => system?.berkeley ?? []],
  ] as const)("%s: cut off, overwritten, and something else; a healthy one is not", (_, path, databases) => {
    for (const bytes of databases()) {
      const whole = Uint8Array.from(bytes);
      const healthy = read(path, whole);
      expect(healthy.reason).toBeUndefined();
      expect(healthy.packages).toBeGreaterThan(12);
      for (const part of [0.05, 0.3, 0.5, 0.7, 0.9]) {
        const cut = read(path, whole.subarray(0, Math.floor(whole.length * part)));
        expect([part, cut.reason]).toEqual([part, expect.any(String)]);
        expect(cut.packages).toBeLessThan(healthy.packages);
      }
      expect(read(path, new Uint8Array(whole.length)).reason).toBe("it is no database of rpm");
      expect(read(path, "<html>404</html>".repeat(99)).reason).toBe("it is no database of rpm");
      const noise = Uint8Array.from(whole);
      // Past the header and the table of contents, over many records.
      noise.fill(0xa5, Math.floor(whole.length / 3), Math.floor(whole.length / 2));
      expect(read(path, noise).reason).toEqual(expect.any(String));
    }
  });

  it("also when another database beside it can be read", () => {
    const files = new Map([
      ["var/lib/rpm/rpmdb.sqlite", bytesOf("damaged")],
      ["var/lib/rpm/Packages.db", system?.ndb ?? new Uint8Array()],
    ]);
    const { packages, unreadable } = catalogFiles(directoryOf(files), builtInCatalogers);
    expect(packages.length).toBeGreaterThan(12);
    expect(unreadable.map(({ path }) => path)).toEqual(["var/lib/rpm/rpmdb.sqlite"]);
  });
});

const alpine = "P:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\nR:libc.so\n\nP:zlib\nV:1.3.1-r1\n\nP:busybox\nV:1.36.1-r29\n\n";
const debian = ["zlib1g", "bash", "dash"]
  .map((name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1.0-1\nDescription: short\n long\n`)
  .join("\n");

describe("a text database that was cut off is said to be unreadable", () => {
  it("apk's wherever it was cut, but between two records", () => {
    for (let end = 1; end < alpine.length; end++) {
      const isWhole = alpine.slice(0, end).endsWith("\n\n");
      const { reason } = read("lib/apk/db/installed", alpine.slice(0, end));
      expect([end, reason]).toEqual([end, isWhole ? undefined : expect.any(String)]);
    }
    expect(read("lib/apk/db/installed", alpine)).toEqual({ packages: 3, reason: undefined });
  });

  it("dpkg's wherever it was cut within a line, or before the version", () => {
    for (let end = 1; end < debian.length; end++) {
      const text = debian.slice(0, end);
      const last = text.slice(text.lastIndexOf("Package:"));
      const isWhole = text.endsWith("\n") && (last.includes("Version") || !last.includes("Status"));
      const { reason } = read("var/lib/dpkg/status", text);
      if (!isWhole) expect([end, reason]).toEqual([end, expect.any(String)]);
    }
    expect(read("var/lib/dpkg/status", debian)).toEqual({ packages: 3, reason: undefined });
  });

  it("an empty one is a system without packages", () => {
    for (const path of ["var/lib/dpkg/status", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite"])
      expect(read(path, "")).toEqual({ packages: 0, reason: undefined });
  });
});

describe("a lock file or manifest that is damaged is said to be unreadable", () => {
  const inJson = builtInCatalogers.flatMap(({ id, examples }) =>
    Object.entries(examples[0]?.files ?? {}).flatMap(([path, content]) =>
      /\.(?:json|lock)$/.test(path) && typeof content === "string" && /^\s*\{\s*"[^"]*"\s*:/.test(content)
        ? [[id, path, content.trimEnd()] as const]
        : [],
    ),
  );

  it("JSON, wherever it was cut", () => {
    const ids = new Set(inJson.map(([id]) => id));
    for (const id of ["bun-lock", "composer-lock", "conda", "dotnet", "npm-lock", "nuget-lock", "php", "pipfile-lock"])
      expect(ids).toContain(id);
    for (const [id, path, text] of inJson) {
      if (id === "node" || id === "python") continue;
      expect([path, read(path, text).reason]).toEqual([path, undefined]);
      for (let end = 1; end < text.length; end++)
        expect([path, end, read(path, text.slice(0, end)).reason]).toEqual([path, end, expect.any(String)]);
    }
  });

  it.each([
    ["poetry.lock", '[[package]]\nname = "a"\nversion = "1"\n\n[[package]]\nname = "b"\n'],
    ["pdm.lock", '[[package]]\nname = "a"\nversion = "1'],
    ["uv.lock", "[[package"],
    ["Cargo.lock", '[[package]]\nname = "a"\nsource = "registry+x"\n'],
    ["pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n"],
    ["pnpm-lock.yaml", "\u0000\u0000\u0000"],
    ["yarn.lock", '# yarn lockfile v1\n\n"a@^1":\n'],
    ["yarn.lock", '__metadata:\n  version: 6\n\n"ms@npm:2.1.2":\n  resolu'],
    ["Gemfile.lock", "GEM\n  remote: https://gems.example/\n  specs:\n    rack (2.2.7)\n"],
    ["go.mod", "require example.com/x v1.0.0\n"],
    ["gradle.lockfile", "# header\norg.x:y:1=runtimeClasspath\norg.x:z"],
    ["mix.lock", '%{\n  "plug": {:hex, :plug, "1.14.0", "ba4f", [:mix], []'],
    ["pom.xml", "<project><dependencies><dependency>"],
    ["pubspec.lock", 'packages:\n  http:\n    dependency: "direct main"\n'],
    ["requirements.txt", "flask==2.0.1\n<<<<<<< HEAD\nrequests==2.31.0\n=======\nrequests==2.32.0\n>>>>>>> main\n"],
    ["package-lock.json", '{"packages":{}}\n<<<<<<< HEAD\n'],
    ["app/x.dist-info/METADATA", "Metadata-Version: 2.1\nName: x\n"],
    ["app/old.egg", "PK\u0003\u0004 and no more"],
    ["app/shop.jar", `PK\u0003\u0004${"cut off".repeat(20)}`],
    ["gems/specifications/x-1.gemspec", "Gem::Specification.new do |s|\n  s.name = "],
    ["app/node_modules/x/package.json", '{"name":"x"'],
    ["var/lib/pacman/local/a-1/desc", "%NAME%\na\n"],
    ["var/lib/dpkg/status.d/tzdata", "Package: tzdata\n"],
    ["usr/lib/opkg/status", "Package: libc\nStatus: install user installed\n"],
    ["var/lib/rpmmanifest/container-manifest-2", "openssl-libs\n"],
    ["var/lib/chisel/manifest.wall", "no zstd"],
  ])("%s: %j", (path, text) => {
    expect(read(path, text).reason).toEqual(expect.any(String));
  });

  it("an empty lock file where its writer leaves one, and files that are no packages' affair, are not", () => {
    expect(read("yarn.lock", "").reason).toBeUndefined();
    expect(read("requirements.txt", "# none yet\n").reason).toBeUndefined();
    expect(read("poetry.lock", "").reason).toBeUndefined();
    expect(read("app/templates/package.json", "{{ json }}").reason).toBeUndefined();
    expect(
      read("app/pointer.jar", "version https://git-lfs.example/spec/v1\noid sha256:0a1b\n").reason,
    ).toBeUndefined();
    expect(read("usr/bin/tool.so", "\u007fELF and nothing like a program".repeat(9)).reason).toBeUndefined();
  });
});
