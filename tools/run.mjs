// Runs a TypeScript file: `node tools/run.mjs FILE [ARG...]`. Node 20 cannot strip types, so esbuild bundles it first.
import { mkdirSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [file, ...rest] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const directory = resolve(root, "node_modules/.cache/plimsoll-run");
mkdirSync(directory, { recursive: true });
const outfile = resolve(directory, `${basename(file)}-${process.pid}.mjs`);
await build({
  entryPoints: [resolve(file)],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
  define: { "import.meta.dirname": JSON.stringify(resolve(root, file, "..")) },
});
process.argv.splice(1, process.argv.length - 1, resolve(file), ...rest);
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
