import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogDirectory, cataloger, namesAndVersions, onlyFor, sorted } from "../support/catalog.ts";
import { labEngine } from "../support/lab.ts";
import { outside, pipInstall, scratchDirectory } from "../support/outside.ts";

const limit = 170_000;

describe("Python", () => {
  it("finds the distributions that pip lists of what it installed", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "flask==3.0.3", "requests==2.31.0", "zope.interface==6.4", "ruamel.yaml==0.18.6");
    const listed = outside(context, directory, "python3", ["-m", "pip", "list", "--path", "site", "--format", "json"]);
    const expected = (JSON.parse(listed) as { name: string; version: string }[]).map(
      ({ name, version }) => `${name.toLowerCase().replace(/[-_.]+/g, "-")} ${version}`,
    );
    // What a distribution took into itself (setuptools does) pip does not list.
    const found = catalogDirectory(join(directory, "site"), cataloger("python")).filter(
      ({ files }) => files[0]?.split("/").length === 2,
    );
    expect(namesAndVersions(found)).toEqual(sorted(expected));
    expect(found.find(({ name }) => name === "flask")?.requires).toContain("jinja2");
    expect(found.find(({ name }) => name === "requests")?.licenses).toEqual(["Apache 2.0"]);
  });
});

/** Locked for all, installed on macOS alone. */
const forAnotherSystem = "fsevents";
const npmManifest = JSON.stringify({
  name: "shop",
  version: "1.0.0",
  private: true,
  dependencies: { express: "4.18.2", "@hono/node-server": "1.11.1", hono: "4.3.0" },
  devDependencies: { mocha: "10.2.0" },
});

interface NpmTree {
  readonly version?: string;
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, NpmTree>>;
}

function* flatten(tree: NpmTree): Generator<string> {
  for (const [name, one] of Object.entries(tree.dependencies ?? {})) {
    if (one.version !== undefined) yield `${one.name ?? name} ${one.version}`;
    yield* flatten(one);
  }
}

describe("Node", () => {
  it("finds in node_modules and in the lock file what npm lists, and knows what is for development", {
    timeout: limit,
  }, (context) => {
    const directory = scratchDirectory(context);
    writeFileSync(join(directory, "package.json"), npmManifest);
    outside(context, directory, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { seconds: 120 });
    const list = (...more: readonly string[]): string[] =>
      sorted(flatten(JSON.parse(outside(context, directory, "npm", ["ls", "--all", "--json", ...more])) as NpmTree));
    for (const id of ["node", "npm-lock"]) {
      const found = catalogDirectory(directory, cataloger(id)).filter(({ name }) => name !== forAnotherSystem);
      expect(namesAndVersions(found)).toEqual(list());
      expect(namesAndVersions(found.filter(({ dev }) => !dev))).toEqual(list("--omit=dev"));
    }
  });
});

/** `go version -m` as names and versions, replacements in place of what they replace. */
function goVersions(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    const [kind, name = "", version = ""] = line.split("\t");
    if (kind === "dep") found.push(`${name} ${version}`);
    else if (kind === "=>") found[found.length - 1] = `${name} ${version}`;
  }
  return found;
}

describe("Go", () => {
  it("reads programs for every kind of system as go version does", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    writeFileSync(
      join(directory, "go.mod"),
      "module example.com/shop\n\ngo 1.21\n\nrequire (\n\tgolang.org/x/exp v0.0.0-20230522175609-2e198f4a06a1\n\tgolang.org/x/sys v0.19.0\n)\n\nreplace golang.org/x/sys => golang.org/x/sys v0.20.0\n",
    );
    writeFileSync(
      join(directory, "main.go"),
      'package main\n\nimport (\n\t"golang.org/x/exp/constraints"\n\t"golang.org/x/sys/cpu"\n)\n\nvar version string\n\nfunc show[T constraints.Ordered](one T) { println(one, cpu.IsBigEndian) }\n\nfunc main() { show(version) }\n',
    );
    outside(context, directory, "go", ["mod", "tidy"], { seconds: 60 });
    mkdirSync(join(directory, "bin"));
    const systems = [
      ["linux", "amd64"],
      ["linux", "mips"],
      ["windows", "amd64"],
      ["darwin", "arm64"],
    ] as const;
    for (const [GOOS, GOARCH] of systems) {
      const output = `bin/shop-${GOOS}-${GOARCH}${GOOS === "windows" ? ".exe" : ""}`;
      const args = ["build", "-o", output, "-ldflags", "-s -w -X main.version=1.2.3", "."];
      outside(context, directory, "go", args, { seconds: 120, env: { GOOS, GOARCH, CGO_ENABLED: "0" } });
      const listed = outside(context, directory, "go", ["version", "-m", output]);
      const compiler = /: go(\S+)/.exec(listed)?.[1] ?? "";
      const found = catalogDirectory(join(directory, "bin"), cataloger("go-binary")).filter(
        ({ files }) => `bin/${files[0]}` === output,
      );
      expect(namesAndVersions(found)).toEqual(
        sorted([...goVersions(listed), "example.com/shop v1.2.3", `stdlib ${compiler}`]),
      );
    }
    const declared = catalogDirectory(directory, cataloger("go-mod"));
    expect(namesAndVersions(declared)).toEqual([
      "golang.org/x/exp v0.0.0-20230522175609-2e198f4a06a1",
      "golang.org/x/sys v0.20.0",
    ]);
  });

  it("reads the go command itself", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    const root = outside(context, directory, "go", ["env", "GOROOT"]).trim();
    const listed = outside(context, directory, "go", ["version", "-m", join(root, "bin/gofmt")]);
    const found = catalogDirectory(join(root, "bin"), cataloger("go-binary")).filter(
      ({ files }) => files[0] === "gofmt",
    );
    expect(found.find(({ name }) => name === "stdlib")?.version).toBe(/: go(\S+)/.exec(listed)?.[1]);
    expect(
      catalogDirectory(root.replace(/\/[^/]+$/, ""), onlyFor(cataloger("runtimes"), "go/VERSION")).map(
        ({ version }) => version,
      ),
    ).toEqual([/go(\S+)/.exec(readFileSync(join(root, "VERSION"), "utf8"))?.[1]]);
  });
});

describe("Go before 1.18", () => {
  const engine = labEngine();

  it.skipIf(!engine)("reads the strings that its programs keep behind pointers", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    const env = engine?.env ?? {};
    const image = `${env["LAB_REGISTRY"] ?? "127.0.0.1:5000"}/library/debian:bullseye`;
    const fetch = "apt-get update -qq && cd /out && apt-get download -qq gosu";
    const run = ["run", "--rm", "--network", "host", "-v", `${directory}:/out`, image, "sh", "-c", fetch];
    outside(context, directory, "docker", run, { seconds: 120, env });
    outside(context, directory, "sh", ["-c", "dpkg-deb -x gosu_*.deb root"]);
    const listed = outside(context, directory, "go", ["version", "-m", "root/usr/sbin/gosu"]);
    const compiler = /: go(\S+)/.exec(listed)?.[1] ?? "";
    expect(Number(/^1\.(\d+)/.exec(compiler)?.[1])).toBeLessThan(18);
    const found = catalogDirectory(join(directory, "root"), cataloger("go-binary"));
    expect(namesAndVersions(found)).toEqual(sorted([`stdlib ${compiler}`, ...goVersions(listed)]));
  });
});

describe("Rust", () => {
  it("reads the crates recorded in a program, as zlib and Python read them", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "uv");
    outside(context, directory, "objcopy", [
      "-O",
      "binary",
      "--only-section=.dep-v0",
      "--set-section-flags",
      ".dep-v0=alloc",
      "site/bin/uvx",
      "section",
    ]);
    const script =
      "import zlib,json;print('\\n'.join(p['name']+' '+p['version'] for p in json.loads(zlib.decompress(open('section','rb').read()))['packages'] if p.get('kind')!='build'))";
    const expected = outside(context, directory, "python3", ["-c", script]).trim().split("\n");
    expect(expected.length).toBeGreaterThan(10);
    const found = catalogDirectory(join(directory, "site/bin"), cataloger("rust-binary")).filter(
      ({ files }) => files[0] === "uvx",
    );
    expect(namesAndVersions(found)).toEqual(sorted(expected));
  });
});

describe("Java", () => {
  it("finds in jars the artifacts they were fetched as", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    const coordinates = [
      ["org.apache.logging.log4j", "log4j-api", "2.14.1"],
      ["com.google.guava", "guava", "31.1-jre"],
      ["org.springframework", "spring-core", "5.3.17"],
      ["org.yaml", "snakeyaml", "1.30"],
      ["commons-lang", "commons-lang", "2.6"],
    ] as const;
    const dependencies = coordinates.map(
      ([group, artifact, version]) =>
        `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`,
    );
    writeFileSync(
      join(directory, "pom.xml"),
      `<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>shop</artifactId><version>1</version><dependencies>${dependencies.join("")}</dependencies></project>`,
    );
    outside(context, directory, "mvn", ["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"], {
      seconds: 150,
    });
    const found = catalogDirectory(join(directory, "jars"), cataloger("java"));
    // The jar of Spring does not say its group.
    expect(namesAndVersions(found)).toEqual(
      sorted(
        coordinates.map(([group, artifact, version]) =>
          artifact === "spring-core" ? `${artifact} ${version}` : `${group}:${artifact} ${version}`,
        ),
      ),
    );
    expect(namesAndVersions(catalogDirectory(directory, cataloger("maven-pom")))).toEqual(
      sorted(coordinates.map(([group, artifact, version]) => `${group}:${artifact} ${version}`)),
    );
  });
});
