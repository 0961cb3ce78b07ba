import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogDirectory, cataloger, namesAndVersions, purlsOf } from "../support/catalog.ts";
import { outside, pipInstall, scratchDirectory } from "../support/outside.ts";

const limit = 170_000;

describe("what newer tools write", () => {
  it("uv's pylock.toml has the packages of its uv.lock", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    pipInstall(context, directory, "uv==0.7.2");
    writeFileSync(
      join(directory, "pyproject.toml"),
      '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["httpx==0.27.0", "Flask==2.3.3"]\n',
    );
    const uv = (...args: readonly string[]): string =>
      outside(context, directory, "site/bin/uv", args, {
        env: { UV_CACHE_DIR: join(directory, "cache") },
        seconds: 60,
      });
    uv("lock");
    uv("export", "--no-emit-project", "--format", "pylock.toml", "--output-file", "pylock.toml");
    const found = namesAndVersions(catalogDirectory(directory, cataloger("pylock")));
    expect(found.length).toBeGreaterThan(10);
    expect(found).toEqual(namesAndVersions(catalogDirectory(directory, cataloger("uv-lock"))));
  });

  it("Yarn's archives hold the packages of its lock file, and no directory does", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    outside(context, directory, "npm", ["install", "--no-audit", "--no-fund", "@yarnpkg/cli-dist@4.6.0"], {
      seconds: 60,
    });
    const yarn = join(directory, "node_modules/@yarnpkg/cli-dist/bin/yarn.js");
    const project = join(directory, "project");
    mkdirSync(project);
    writeFileSync(join(project, "yarn.lock"), "");
    writeFileSync(join(project, ".yarnrc.yml"), "enableGlobalCache: false\nnodeLinker: pnp\n");
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({
        name: "shop",
        dependencies: { express: "4.18.2", "@hono/node-server": "1.11.1", old: "npm:lodash@4.17.20" },
      }),
    );
    outside(context, project, "node", [yarn, "install"], { seconds: 90, env: { YARN_ENABLE_TELEMETRY: "0" } });
    const found = purlsOf(catalogDirectory(project, cataloger("yarn-cache")));
    expect(found.length).toBeGreaterThan(50);
    expect(found).toEqual(purlsOf(catalogDirectory(project, cataloger("yarn-lock"))));
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });
});
