import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, flagValue, type RunInstruction, type Stage, workdirAt } from "../../syntax/index.ts";
import { asObject } from "./contents.ts";
import { entryCommand } from "./entry-command.ts";
import { jsonObject, onlyNpm } from "./node-project.ts";
import { type Split, splitEdits, splitOf } from "./split-stage.ts";

/**
 * Cuts a single-stage Node service in two whatever its build makes: the second stage takes over its whole directory, without the
 * development dependencies. Undefined where the container starts one of these, or anything but npm works in the first one.
 */
export function nodeSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  build: RunInstruction,
  context: BuildContext,
): Split | undefined {
  const manifest = jsonObject(context.text("package.json"));
  const directory = workdirAt(dockerfile, build);
  const split = splitOf(dockerfile, stage);
  const base = stage.from?.image.raw;
  if (!manifest || !split || !context.complete || !onlyNpm(stage) || "workspaces" in manifest) return undefined;
  if (directory === undefined || directory === "/" || base === undefined || base.includes("$")) return undefined;
  if (split.behind.some(({ keyword }) => keyword === "HEALTHCHECK") || flagValue(build, "mount") !== undefined)
    return undefined;
  const wanted = asObject(manifest["dependencies"]) ?? {};
  if (!hasDevelopment(manifest) || !startsProduct(dockerfile, stage, asObject(manifest["scripts"]) ?? {}, wanted))
    return undefined;
  const owner = ownerOf(stage, directory);
  const from = `--from=${split.stageName}${owner === undefined ? "" : ` --chown=${owner}`}`;
  return {
    title:
      "Ship what was built without its development dependencies from a second stage, if nothing outside of its directory is used",
    edits: splitEdits(
      dockerfile,
      stage,
      split,
      base,
      [`WORKDIR ${directory}`, `COPY ${from} ${directory} ./`],
      undefined,
      `RUN npm prune --omit=dev${dockerfile.newline}`,
    ),
  };
}

function hasDevelopment(manifest: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(asObject(manifest["devDependencies"]) ?? {}).length > 0;
}

/** Whether the container starts `node FILE`, or the program of a production dependency, itself or by a script. */
function startsProduct(
  dockerfile: Dockerfile,
  stage: Stage,
  scripts: Readonly<Record<string, unknown>>,
  dependencies: Readonly<Record<string, unknown>>,
): boolean {
  const words = entryCommand(dockerfile, stage)?.words ?? [];
  const [name, verb, script] = words;
  const key = name !== "npm" ? undefined : verb === "start" ? "start" : verb === "run" ? script : undefined;
  if (name === "npm" && (key === undefined || `pre${key}` in scripts)) return false;
  const called = key === undefined ? words.join(" ") : scripts[key];
  if (typeof called !== "string" || /[&|;<>$`()]/.test(called)) return false;
  const [program = "", file = ""] = called.trim().split(/\s+/);
  if (program === "node") return /^[\w./-]+$/.test(file) && !file.startsWith("-");
  return Object.hasOwn(dependencies, program);
}

/** Whom the directory is given as a whole, where it is. */
function ownerOf(stage: Stage, directory: string): string | undefined {
  for (const run of stage.instructions.toReversed()) {
    if (run.keyword !== "RUN") continue;
    for (const { args } of run.script.named("chown")) {
      const [owner, path] = args.filter(({ raw }) => !raw.startsWith("-")).map(({ value }) => value);
      if (owner !== undefined && /^[\w:-]+$/.test(owner) && (path === directory || path === ".")) return owner;
    }
  }
  return undefined;
}
