import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtInCatalogers, catalogFiles, type Package } from "../../src/packages/index.ts";
import { catalogDirectory, cataloger, namesAndVersions, sorted } from "../support/catalog.ts";
import { bytesOf, directoryOf } from "../support/files.ts";
import { outside, pipInstall, scratchDirectory } from "../support/outside.ts";

const limit = 240_000;
const runtime = ["httpx==0.27.0", "Flask==2.3.3"];
const development = ["pytest==8.2.0"];

/** "name version" of each pin of a requirements file. */
function pinsOf(text: string): string[] {
  return sorted(text.split("\n").flatMap((line) => /^([\w.-]+)==([^\s;]+)/.exec(line)?.slice(1).join(" ") ?? []));
}

function needed(packages: readonly Package[]): Package[] {
  return packages.filter(({ dev }) => !dev);
}

/** A project of its own beside the tools, with the file that names what it needs. */
function projectIn(directory: string, name: string, text: string): string {
  const project = join(directory, "project");
  mkdirSync(project);
  writeFileSync(join(project, name), text);
  return project;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

describe("lock files of Python's managers, as they write and export them themselves", () => {
  it("Poetry", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "poetry");
    const index = process.env["PIP_INDEX_URL"] ?? "https://pypi.org/simple/";
    const project = projectIn(
      directory,
      "pyproject.toml",
      `[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = [${list(runtime)}]\n[tool.poetry]\npackage-mode = false\n[tool.poetry.group.dev.dependencies]\npytest = "8.2.0"\n[[tool.poetry.source]]\nname = "simple"\nurl = "${index}"\npriority = "primary"\n`,
    );
    const env = { PYTHONPATH: join(directory, "site"), POETRY_CACHE_DIR: join(directory, "cache") };
    const poetry = (...args: readonly string[]): string =>
      outside(context, project, join(directory, "site/bin/poetry"), [...args, "-n", "--no-ansi"], { env, seconds: 90 });
    poetry("lock");
    const shown = (...args: readonly string[]): string[] =>
      sorted(
        poetry("show", ...args)
          .split("\n")
          .flatMap((line) => /^(\S+)\s+(?:\(!\)\s+)?(\d\S*)/.exec(line)?.slice(1).join(" ") ?? []),
      );
    const found = catalogDirectory(project, cataloger("poetry-lock"));
    expect(found.length).toBeGreaterThan(15);
    expect(namesAndVersions(found)).toEqual(shown("--all"));
    // For other systems only: it does not show those by group, however they are called.
    const main = namesAndVersions(needed(found)).filter((one) => !one.startsWith("colorama "));
    expect(main).toEqual(shown("--only", "main").filter((one) => !one.startsWith("colorama ")));
  });

  it("PDM", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    // PDM 2.29 asks for any hishel from 1.4 on, and cannot do with 2.0.
    pipInstall(context, directory, "pdm", "hishel<2");
    const project = projectIn(
      directory,
      "pyproject.toml",
      `[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = [${list(runtime)}]\n[dependency-groups]\ndev = [${list(development)}]\n`,
    );
    const env = { PYTHONPATH: join(directory, "site"), PDM_CHECK_UPDATE: "0", PDM_CACHE_DIR: join(directory, "cache") };
    const pdm = (...args: readonly string[]): string =>
      outside(context, project, join(directory, "site/bin/pdm"), args, { env, seconds: 90 });
    pdm("lock", "-q");
    const found = catalogDirectory(project, cataloger("pdm-lock"));
    expect(found.length).toBeGreaterThan(15);
    expect(namesAndVersions(found)).toEqual(pinsOf(pdm("export", "--without-hashes")));
    expect(namesAndVersions(needed(found))).toEqual(pinsOf(pdm("export", "--prod", "--without-hashes")));
  });

  it("Pipenv", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "pipenv");
    const section = (names: readonly string[]): string =>
      names.map((name) => `${name.split("==")[0]} = "==${name.split("==")[1]}"\n`).join("");
    const project = projectIn(
      directory,
      "Pipfile",
      `[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n[packages]\n${section(runtime)}[dev-packages]\n${section(development)}`,
    );
    const env = {
      PYTHONPATH: join(directory, "site"),
      PIPENV_VENV_IN_PROJECT: "1",
      PIPENV_PYTHON: "python3",
      PIPENV_NOSPIN: "1",
    };
    const pipenv = (...args: readonly string[]): string =>
      outside(context, project, join(directory, "site/bin/pipenv"), args, { env, seconds: 120 });
    pipenv("lock");
    const found = catalogDirectory(project, {
      ...cataloger("pipfile-lock"),
      wants: (path, file) => path === "Pipfile.lock" && cataloger("pipfile-lock").wants(path, file),
    });
    const main = pinsOf(pipenv("requirements"));
    expect(main.length).toBeGreaterThan(10);
    expect(namesAndVersions(needed(found))).toEqual(main);
    expect(namesAndVersions(found)).toEqual(sorted([...main, ...pinsOf(pipenv("requirements", "--dev-only"))]));
  });

  it("pip-tools, with hashes over many lines", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "uv");
    const project = projectIn(directory, "requirements.in", `${runtime.join("\n")}\n`);
    const env = { UV_CACHE_DIR: join(directory, "cache"), UV_PYTHON_DOWNLOADS: "never", UV_NATIVE_TLS: "true" };
    const compile = (...args: readonly string[]): string =>
      outside(context, project, join(directory, "site/bin/uv"), ["pip", "compile", "-q", "requirements.in", ...args], {
        env,
      });
    const expected = pinsOf(compile("--no-annotate", "--no-header"));
    compile("--generate-hashes", "-o", "requirements.txt");
    expect(expected.length).toBeGreaterThan(10);
    expect(namesAndVersions(catalogDirectory(project, cataloger("requirements")))).toEqual(expected);
  });
});

describe("npm's older lock files", () => {
  it("of versions 1 and 2 name what version 3 does", { timeout: limit }, (context) => {
    const manifest = JSON.stringify({
      name: "shop",
      version: "1.0.0",
      dependencies: { express: "4.18.2", old: "npm:lodash@3.10.1" },
      devDependencies: { mocha: "10.2.0" },
    });
    const found = ["1", "2", "3"].map((version) => {
      const project = projectIn(scratchDirectory(context), "package.json", manifest);
      const args = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"];
      outside(context, project, "npm", [...args, `--lockfile-version=${version}`], { seconds: 90 });
      return catalogDirectory(project, cataloger("npm-lock"));
    });
    const [first = [], second = [], third = []] = found;
    expect(third.length).toBeGreaterThan(60);
    expect(namesAndVersions(third)).toContain("lodash 3.10.1");
    for (const one of [first, second]) {
      expect(namesAndVersions(one)).toEqual(namesAndVersions(third));
      expect(namesAndVersions(needed(one))).toEqual(namesAndVersions(needed(third)));
    }
  });
});

describe("files that their own tools read", () => {
  it("go.mod, with all that may stand in one", { timeout: limit }, (context) => {
    const text = `// Deprecated: use another
module example.com/shop // here

go 1.21.0

toolchain go1.22.6

require github.com/gorilla/mux v1.8.0

require (
	"golang.org/x/net" v0.10.0 // indirect
	golang.org/x/sys v0.8.0 // indirect; kept
	gopkg.in/yaml.v3 v3.0.1
	example.com/here v0.0.0
	github.com/gone/away v2.3.4+incompatible
)

exclude golang.org/x/net v0.9.0

replace (
	golang.org/x/net => golang.org/x/net v0.17.0
	golang.org/x/sys v0.8.0 => github.com/fork/sys v0.9.1
	gopkg.in/yaml.v3 v3.9.9 => gopkg.in/yaml.v3 v3.0.2
)

replace example.com/here v0.0.0 => ../here

retract [v1.0.0, v1.0.5] // broken
`;
    const project = projectIn(scratchDirectory(context), "go.mod", text);
    const said = JSON.parse(outside(context, project, "go", ["mod", "edit", "-json"])) as {
      Require: { Path: string; Version: string }[];
      Replace: { Old: { Path: string; Version?: string }; New: { Path: string; Version?: string } }[];
      Toolchain?: string;
    };
    const expected = said.Require.flatMap(({ Path, Version }) => {
      const fits = said.Replace.filter(({ Old }) => Old.Path === Path && (Old.Version ?? Version) === Version);
      const to = fits.find(({ Old }) => Old.Version !== undefined) ?? fits[0];
      if (!to) return [`${Path} ${Version}`];
      return to.New.Version === undefined ? [] : [`${to.New.Path} ${to.New.Version}`];
    });
    const library = said.Toolchain === undefined ? [] : [`stdlib ${said.Toolchain.slice(2)}`];
    const { packages, unreadable } = catalogFiles(directoryOf(new Map([["go.mod", bytesOf(text)]])), builtInCatalogers);
    expect(unreadable).toEqual([]);
    expect(namesAndVersions(packages)).toEqual(sorted([...expected, ...library]));
  });

  it("Gemfile.lock, as Bundler writes and reads it", { timeout: limit }, (context) => {
    const project = projectIn(
      scratchDirectory(context),
      "Gemfile",
      'source "https://rubygems.org"\ngem "rake"\ngem "rexml"\ngem "test-unit", "~> 3.0"\n',
    );
    const script = [
      'require "bundler"',
      'Bundler.with_unbundled_env { system("bundle", "lock", "--local", out: File::NULL, err: File::NULL) } || ' +
        'system(Gem.ruby, "-S", "bundle3.1", "lock", "--local", out: File::NULL, err: File::NULL) || exit(1)',
      'Bundler::LockfileParser.new(File.read("Gemfile.lock")).specs.each { |s| puts "#{s.name} #{s.version}" }',
    ].join("\n");
    const said = outside(context, project, "ruby", ["-e", script]);
    const expected = said.split("\n").filter((line) => line !== "");
    const found = catalogDirectory(project, cataloger("gemfile-lock"));
    expect(expected.length).toBeGreaterThan(3);
    expect(namesAndVersions(found)).toEqual(sorted(expected));
    expect(found.find(({ name }) => name === "test-unit")?.requires).toEqual(["power_assert"]);
  });

  it("pom.xml, as Maven resolves what it names itself", { timeout: limit }, (context) => {
    const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>shop</artifactId><version>1.0</version>
  <properties><slf4j.version>1.7.36</slf4j.version><lang>3.12.0</lang></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.apache.commons</groupId><artifactId>commons-lang3</artifactId><version>\${lang}</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <!-- <dependency><groupId>not</groupId><artifactId>here</artifactId><version>1</version></dependency> -->
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId><version>\${slf4j.version}</version></dependency>
    <dependency><groupId>org.apache.commons</groupId><artifactId>commons-lang3</artifactId></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency>
  </dependencies>
</project>
`;
    const project = projectIn(scratchDirectory(context), "pom.xml", pom);
    outside(context, project, "mvn", ["-q", "-B", "dependency:list", "-DexcludeTransitive=true", "-DoutputFile=said"], {
      seconds: 120,
    });
    const said = outside(context, project, "cat", ["said"]);
    const resolved = [...said.matchAll(/^\s+(\S+?):(\S+?):jar:(\S+?):(compile|test)\b/gm)];
    const found = catalogDirectory(project, cataloger("maven-pom"));
    expect(resolved).toHaveLength(3);
    expect(namesAndVersions(found)).toEqual(
      sorted(resolved.map(([, group, artifact, version]) => `${group}:${artifact} ${version}`)),
    );
    expect(found.filter(({ dev }) => dev).map(({ name }) => name)).toEqual(["junit:junit"]);
  });
});
