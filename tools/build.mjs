// Builds dist/: the command line as CommonJS bundles behind a loader that keeps their compiled code (what lints, which must start at
// once, what starts the commands on images, what looks into images, and by themselves the two commands that are run again and again
// on images that are known), the library as an ESM bundle, the table of official images and the types.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
if (process.argv.includes("--if-missing") && existsSync("dist/cli.cjs")) process.exit(0);
if (!existsSync("src/index.ts")) process.exit(0); // an installed package has no sources
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
rmSync("dist", { recursive: true, force: true });
/** What a build remembers of images, only a build of the same sources believes. */
const sources = createHash("sha256");
for (const entry of readdirSync("src", { recursive: true, withFileTypes: true }).map(pathOf).filter(isSource).sort())
  sources.update(entry).update(readFileSync(entry));

const shared = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20.19",
  minify: !process.env.NOMIN,
  legalComments: "linked",
  define: {
    PLIMSOLL_VERSION: JSON.stringify(version),
    PLIMSOLL_BUILD: JSON.stringify(`${version}-${sources.digest("hex").slice(0, 16)}`),
  },
  logLevel: "warning",
};
/** What the first bundle imports of the image commands is left to others, to be loaded when it is asked for. */
const apart = {
  "image-bundle": "src/apps/cli/image-commands.ts",
  "scan-bundle": "src/apps/cli/commands/scan.ts",
  "weigh-bundle": "src/apps/cli/commands/weigh.ts",
};
const imagesApart = {
  name: "images-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/(?:image-commands|commands\/(?:scan|weigh))\.ts$/ }, ({ kind, path, importer }) => {
      if (kind === "dynamic-import") return { path: bundleOf(path), external: true };
      if (kind === "entry-point" || !importer.endsWith("program.ts")) return undefined;
      return { errors: [{ text: "import image commands with await import(), or they are part of every start" }] };
    });
  },
};
function bundleOf(path) {
  const [name] = Object.entries(apart).find(([, source]) => source.endsWith(path.replace(/^\.+/, "")));
  return `./${name}.cjs`;
}
/** What a rule says of itself at length is built when it is asked for: with it, compiled code is a third larger. */
const textsOnDemand = {
  name: "texts-on-demand",
  setup({ onLoad }) {
    onLoad({ filter: /src\/rules\/(?:dockerfile|image)\/[a-z0-9-]+\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8")
        .replace(/^ {2}why: (`(?:[^`\\]|\\.)*`),$/ms, "  get why() { return $1; },")
        .replace(/^ {2}examples: (\[\n.*?^ {2}\]),$/ms, "  get examples() { return $1; },"),
    }));
  },
};
/** Modules that take up to 10 ms to load, and that an image in a file or in the cache needs nothing of: loaded when asked for. */
const onDemand = {
  name: "on-demand",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:(?:https?|tls|v8|fs\/promises)|yaml|unbash|smol-toml)$/ }, ({ path, namespace }) =>
      namespace === "on-demand"
        ? undefined
        : { path: path.replace(/^node:/, ""), namespace: "on-demand", pluginData: path },
    );
    onLoad({ filter: /^/, namespace: "on-demand" }, async ({ path, pluginData }) => ({
      resolveDir: root,
      contents: `for (const name of ${JSON.stringify(Object.keys(await import(pluginData)).filter((name) => name !== "default"))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require("${path}")[name] });`,
    }));
  },
};
await build({
  ...shared,
  entryPoints: { "cli-bundle": "src/apps/cli/main.ts", "start-bundle": "src/apps/cli/image-main.ts", ...apart },
  format: "cjs",
  plugins: [imagesApart, textsOnDemand, onDemand],
  supported: { "dynamic-import": false }, // becomes require(), which the loader gives
  alias: { "node:child_process": "./tools/lazy-child-process.cjs", picocolors: "./tools/lazy-picocolors.cjs" },
  outExtension: { ".js": ".cjs" },
  define: { ...shared.define, "import.meta.url": "plimsollUrl" },
  banner: { js: 'const plimsollUrl=require("node:url").pathToFileURL(__filename).href;' },
});
await build({
  ...shared,
  entryPoints: { index: "src/index.ts" },
  packages: "external", // a library takes its dependencies from where it is installed
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
});
writeFileSync(
  "dist/cli.cjs",
  readFileSync("tools/cli-loader.cjs", "utf8")
    .replace('["COMMANDS"]', JSON.stringify(commandsOf("dist/cli-bundle.cjs")))
    .replace('["IMAGE-COMMANDS"]', JSON.stringify(commandsOf("dist/start-bundle.cjs"))),
);
chmodSync("dist/cli.cjs", 0o755);
copyFileSync("src/bases/data/official-images.txt", "dist/official-images.txt");
copyFileSync("src/advisories/data/starter-store.bin", "dist/starter-store.bin");
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });

function commandsOf(bundle) {
  return [...readFileSync(bundle, "utf8").matchAll(/\.command\("([a-z-]+)"\)/g)].map(([, name]) => name);
}

function pathOf({ parentPath, name }) {
  return `${parentPath}/${name}`;
}

function isSource(path) {
  return path.endsWith(".ts") && !path.endsWith(".test.ts");
}
