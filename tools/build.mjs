// Bundles the CLI and the library into dist/ (ESM, split so that a command loads only what it uses) and writes the types.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
if (process.argv.includes("--if-missing") && existsSync("dist/cli.js")) process.exit(0);
if (!existsSync("src/index.ts")) process.exit(0); // an installed package has no sources
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: { cli: "src/apps/cli/main.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  minify: true,
  legalComments: "linked",
  chunkNames: "chunks/[name]-[hash]",
  define: { PLIMSOLL_VERSION: JSON.stringify(version) },
  // What commander is written in (CommonJS) asks for Node's modules by require.
  banner: {
    js: 'import{createRequire as plimsollRequire}from"node:module";const require=plimsollRequire(import.meta.url);',
  },
  logLevel: "warning",
});
copyFileSync("src/bases/data/official-images.txt", "dist/official-images.txt");
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
