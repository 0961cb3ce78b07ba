import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, flagValue, type RunInstruction, type Stage, workdirAt } from "../../syntax/index.ts";
import { asObject } from "./contents.ts";
import { entryCommand } from "./entry-command.ts";
import { jsonObject, onlyNpm } from "./node-project.ts";
import { type Split, splitEdits, splitOf } from "./split-stage.ts";

const maximumFiles = 400;
/** Signs that the code reads files, or starts programs, that the compiler does not write. */
const readsFiles =
  /["'](?:node:)?(?:fs|fs\/promises|child_process|worker_threads|path)["']|\b(?:readFile|createReadStream|__dirname|__filename|sendFile|require\.resolve)\b|process\.cwd|import\.meta|express\.static|\.set\(\s*["']views|["'][^"'\n]*\.(?:json|html|ejs|pug|hbs|sql|proto|graphql)["']/;
/**
 * Cuts a single-stage Node service in two where all that it runs is known: `tsc` writes it to one directory, and its code
 * reads nothing else. Undefined in every other case.
 */
export function typescriptSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  build: RunInstruction,
  context: BuildContext,
): Split | undefined {
  const manifest = jsonObject(context.text("package.json"));
  const scripts = asObject(manifest?.["scripts"]);
  const output = outputDirectory(context, scripts?.["build"]);
  const directory = workdirAt(dockerfile, build);
  const split = splitOf(dockerfile, stage);
  if (!manifest || !scripts || output === undefined || directory === undefined || !split) return undefined;
  if (!context.complete || !onlyNpm(stage) || !startsOutput(dockerfile, stage, scripts, output)) return undefined;
  if (["preinstall", "install", "postinstall", "prepare"].some((hook) => hook in scripts)) return undefined;
  const wanted = Object.values(asObject(manifest["dependencies"]) ?? {});
  if (wanted.some((version) => typeof version !== "string" || /^(?:file|link|workspace):|^[./~]/.test(version)))
    return undefined;
  if ("workspaces" in manifest || split.behind.some((one) => one.keyword === "USER" && one.words[0]?.value !== "node"))
    return undefined;
  if (flagValue(build, "mount") !== undefined || !readsNothing(context)) return undefined;
  const from = `--from=${split.stageName}`;
  const inside = directory === "/" ? "" : directory;
  const { newline } = dockerfile;
  const lines = [
    ...(directory === "/" ? [] : [`WORKDIR ${directory}`]),
    `COPY ${from} ${inside}/package.json ./`,
    ...(wanted.length > 0 ? [`COPY ${from} ${inside}/node_modules ./node_modules`] : []),
    `COPY ${from} ${inside}/${output} ./${output}`,
  ];
  const prune = wanted.length > 0 ? `RUN npm prune --omit=dev${newline}` : "";
  const base = stage.from?.image.raw;
  return base === undefined || base.includes("$")
    ? undefined
    : {
        title:
          "Ship the compiled code and its production dependencies from a second stage, if nothing else of the image is used",
        edits: splitEdits(dockerfile, stage, split, base, lines, undefined, prune),
      };
}

/** `outDir`, when the build script is the compiler alone. */
function outputDirectory(context: BuildContext, script: unknown): string | undefined {
  if (typeof script !== "string" || !/^tsc(?: -p (?:\.|tsconfig\.json))?$/.test(script.trim())) return undefined;
  const options = asObject(jsonObject(context.text("tsconfig.json"))?.["compilerOptions"]);
  const output = options?.["outDir"];
  if (typeof output !== "string") return undefined;
  const clean = output.replace(/^\.\//, "").replace(/\/+$/, "");
  return /^[\w-]+$/.test(clean) ? clean : undefined;
}

/** Whether the container starts `node <output>/…`, itself or by a script of the manifest. */
function startsOutput(
  dockerfile: Dockerfile,
  stage: Stage,
  scripts: Readonly<Record<string, unknown>>,
  output: string,
): boolean {
  const words = entryCommand(dockerfile, stage)?.words ?? [];
  const [name, verb, script] = words;
  const called =
    name !== "npm"
      ? words.join(" ")
      : verb === "start"
        ? scripts["start"]
        : verb === "run"
          ? scripts[script ?? ""]
          : undefined;
  if (typeof called !== "string") return false;
  const [node, file, ...more] = called.trim().split(/\s+/);
  return (
    node === "node" &&
    file?.replace(/^\.\//, "").startsWith(`${output}/`) === true &&
    more.every((word) => /^[\w=-]+$/.test(word))
  );
}

function readsNothing(context: BuildContext): boolean {
  let files = 0;
  for (const file of context.files) {
    if (file.ignored || !/\.[cm]?[jt]sx?$/.test(file.path) || /(?:^|\/)node_modules\//.test(file.path)) continue;
    const text = context.text(file.path);
    if (text === undefined || ++files > maximumFiles || readsFiles.test(text)) return false;
  }
  return files > 0;
}
