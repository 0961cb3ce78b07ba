import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Package } from "../../src/packages/index.ts";
import { catalogDirectory, cataloger, namesAndVersions, purlsOf, sorted } from "../support/catalog.ts";
import { outside, pipInstall, scratchDirectory } from "../support/outside.ts";

const limit = 170_000;

const npmManifest = JSON.stringify({
  name: "shop",
  version: "1.0.0",
  private: true,
  dependencies: { express: "4.18.2", "@hono/node-server": "1.11.1", hono: "4.3.0" },
  devDependencies: { mocha: "10.2.0" },
});

describe("lock files of the npm registry", () => {
  it("of all managers agree with npm's own, or with what is installed by them", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    const tools = [
      "pnpm7@npm:pnpm@7.33.7",
      "pnpm8@npm:pnpm@8.15.9",
      "pnpm9@npm:pnpm@9.15.4",
      "yarn@1.22.22",
      "@oven/bun-linux-x64@1.2.4",
      "@yarnpkg/cli-dist@4.6.0",
    ];
    outside(context, directory, "npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...tools], {
      seconds: 120,
    });
    const modules = join(directory, "node_modules");
    const lockWith = (name: string, program: string, args: readonly string[]): string => {
      const project = join(directory, name);
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), npmManifest);
      // Berry takes a directory for a project of its own only where it has a lock file.
      if (name === "berry") writeFileSync(join(project, "yarn.lock"), "");
      outside(context, project, program, args, { seconds: 90, env: { YARN_ENABLE_TELEMETRY: "0" } });
      return project;
    };
    const npm = catalogDirectory(lockWith("npm", "npm", ["install", "--package-lock-only"]), cataloger("npm-lock"));
    const runtime = (packages: readonly Package[]): string[] => purlsOf(packages.filter(({ dev }) => !dev));
    const store = "--config.store-dir=../store";
    for (const name of ["pnpm7", "pnpm8", "pnpm9"]) {
      const project = lockWith(name, "node", [
        join(modules, name, "bin/pnpm.cjs"),
        "install",
        "--lockfile-only",
        store,
      ]);
      const found = catalogDirectory(project, cataloger("pnpm-lock"));
      expect(purlsOf(found), name).toEqual(purlsOf(npm));
      expect(runtime(found), name).toEqual(runtime(npm));
    }
    const bun = join(modules, "@oven/bun-linux-x64/bin/bun");
    const byBun = catalogDirectory(
      lockWith("bun", bun, ["install", "--lockfile-only", "--save-text-lockfile"]),
      cataloger("bun-lock"),
    );
    expect(purlsOf(byBun)).toEqual(purlsOf(npm));
    expect(runtime(byBun)).toEqual(runtime(npm));
    const berry = [join(modules, "@yarnpkg/cli-dist/bin/yarn.js"), "install", "--mode=update-lockfile"];
    const byBerry = catalogDirectory(lockWith("berry", "node", berry), cataloger("yarn-lock"));
    const classic = [join(modules, "yarn/bin/yarn.js"), "install", "--ignore-scripts", "--cache-folder", "../cache"];
    const yarn = lockWith("yarn", "node", classic);
    // It decides otherwise here and there: it is held to what it installed, and that leaves out what is for macOS alone.
    const byYarn = catalogDirectory(yarn, cataloger("yarn-lock")).filter(({ name }) => name !== "fsevents");
    expect(purlsOf(byYarn)).toEqual(purlsOf(catalogDirectory(yarn, cataloger("node"))));
    // Berry adds what building native packages would need.
    expect(purlsOf(byBerry)).toEqual(expect.arrayContaining(purlsOf(npm)));
  });
});

describe("lock files of other registries", () => {
  it("reads a lock file of uv as uv itself exports it", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "uv");
    const uv = join(directory, "site/bin/uv");
    mkdirSync(join(directory, "project"));
    const project = join(directory, "project");
    writeFileSync(
      join(project, "pyproject.toml"),
      '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ["httpx==0.27.0"]\n[dependency-groups]\ndev = ["pytest==8.2.0"]\n',
    );
    const env = { UV_CACHE_DIR: join(directory, "cache"), UV_PYTHON_DOWNLOADS: "never", UV_NATIVE_TLS: "true" };
    outside(context, project, uv, ["lock", "-q"], { env });
    const exported = (...more: readonly string[]): string[] =>
      sorted(
        outside(context, project, uv, ["export", "-q", "--no-hashes", "--no-annotate", "--no-emit-project", ...more], {
          env,
        })
          .split("\n")
          .flatMap((line) => /^([\w.-]+)==(\S+)/.exec(line)?.slice(1).join(" ") ?? []),
      );
    const found = catalogDirectory(project, cataloger("uv-lock"));
    expect(namesAndVersions(found)).toEqual(exported());
    expect(namesAndVersions(found.filter(({ dev }) => !dev))).toEqual(exported("--no-dev"));
  });

  it("reads Cargo.lock as cargo does", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    mkdirSync(join(directory, "src"));
    writeFileSync(join(directory, "src/main.rs"), "fn main() {}\n");
    writeFileSync(
      join(directory, "Cargo.toml"),
      '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nserde = { version = "1.0.200", features = ["derive"] }\nlog = "0.4"\n',
    );
    const metadata = outside(context, directory, "cargo", ["metadata", "--format-version", "1"], { seconds: 60 });
    const { packages } = JSON.parse(metadata) as {
      packages: { name: string; version: string; source: string | null }[];
    };
    const expected = packages.filter(({ source }) => source !== null).map(({ name, version }) => `${name} ${version}`);
    expect(namesAndVersions(catalogDirectory(directory, cataloger("cargo-lock")))).toEqual(sorted(expected));
  });
});
