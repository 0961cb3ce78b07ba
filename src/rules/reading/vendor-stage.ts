import type { BuildContext, Edit } from "../../core/index.ts";
import {
  type Dockerfile,
  flagValue,
  hasOption,
  insertLineBefore,
  type Instruction,
  instructionsOf,
  removeInstruction,
  replaceRange,
  type RunInstruction,
  type ShellCommand,
  type Stage,
  subcommandOf,
  workdirAt,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { asObject } from "./contents.ts";
import { contextTexts } from "./context-texts.ts";
import { userOfInstruction } from "./current-user.ts";
import { jsonObject } from "./node-project.ts";
import type { Split } from "./split-stage.ts";

const stageName = "vendor";
/** Scripts that an installation runs: they may write anywhere, and may need the image's PHP. */
const installScripts =
  /^(?:(?:pre|post)-(?:install|autoload-dump|package-install|package-update|operations-exec)(?:-cmd)?|command)$/;
/** Plugins that write below the vendor directory alone. */
const plugins: ReadonlySet<string> = new Set([
  "composer/package-versions-deprecated",
  "dealerdirect/phpcodesniffer-composer-installer",
  "infection/extension-installer",
  "pestphp/pest-plugin",
  "php-http/discovery",
  "phpstan/extension-installer",
  "symfony/runtime",
]);

/**
 * Lets the libraries that a lock file names be installed in a stage of the official composer image, and takes composer itself out
 * of the image that ships. Undefined where the installation runs scripts, or something else uses composer.
 */
export function vendorStage(
  dockerfile: Dockerfile,
  run: RunInstruction,
  context: BuildContext | undefined,
  known: Known,
): Split | undefined {
  const stage = dockerfile.stages[run.stage];
  const directory = workdirAt(dockerfile, run);
  const composer = stage && broughtBy(stage);
  const install = installOf(run);
  if (!stage?.from || !composer || !install || directory === undefined || directory === "/") return undefined;
  if (run.flags.length > 0 || dockerfile.stages.some(({ name }) => name?.value === stageName)) return undefined;
  if (userOfInstruction(dockerfile, run, known).user !== "root" || !isContained(context, install)) return undefined;
  const others = dockerfile.instructions.filter((one) => one !== run && one !== composer.instruction);
  if (others.some((one) => /\bcomposer\b(?![.\w-]*\.(?:json|lock)|\.\*)/.test(one.argumentsText))) return undefined;
  const repeated = copiesBefore(dockerfile, stage, run, composer.instruction);
  if (!repeated) return undefined;
  const { newline } = dockerfile;
  const usesTools = /\bvendor\/bin\//.test(dockerfile.source.text);
  const options = [
    ...(hasOption(install, "--no-dev") || usesTools ? [] : ["--no-dev"]),
    ...(hasOption(install, "-o", "--optimize-autoloader", "-a", "--classmap-authoritative")
      ? []
      : ["--optimize-autoloader"]),
    ...(hasOption(install, "--ignore-platform-reqs") ? [] : ["--ignore-platform-reqs"]),
  ];
  const { text } = dockerfile.source;
  const words = [text.slice(install.range.start, install.range.end).trim(), ...options].join(" ");
  const edits: Edit[] = [
    insertLineBefore(
      dockerfile,
      stage.from,
      [`FROM ${composer.image} AS ${stageName}`, ...repeated, `RUN ${words}`, ""].join(newline),
    ),
    removeInstruction(dockerfile, composer.instruction),
    replaceRange(dockerfile, run.range, `COPY --from=${stageName} ${directory}/vendor ./vendor`),
  ];
  const without = options.includes("--no-dev") ? " without those of development" : "";
  return {
    title: `Install the libraries${without} in a stage of composer's own image, if this PHP has the extensions they ask for`,
    edits,
  };
}

/** What brings composer, and the image to take in its place. */
function broughtBy(stage: Stage): { instruction: Instruction; image: string } | undefined {
  for (const one of stage.instructions) {
    if (one.keyword === "COPY") {
      const from = flagValue(one, "from") ?? "";
      const named = /^(?:docker\.io\/(?:library\/)?)?composer(?::([\w.-]+))?(?:@sha256:[0-9a-f]{64})?$/.exec(from);
      const [source, ...more] = one.sources;
      if (!named || more.length > 0 || !/\/composer(?:\.phar)?$/.test(source?.value ?? "")) continue;
      if (!(one.target.value ?? "").endsWith("/composer")) return undefined;
      const [, tag = "latest"] = named;
      return /^1(?:\.|$)/.test(tag)
        ? undefined
        : { instruction: one, image: tag === "latest" || tag.endsWith("-bin") ? "composer:2" : from };
    }
    if (one.keyword !== "RUN" || !one.argumentsText.includes("https://getcomposer.org/installer")) continue;
    const alone = one.script.commands.every(({ name }) => name === "curl" || name === "php");
    return alone && !/--(?:version|1|2\.2)\b/.test(one.argumentsText)
      ? { instruction: one, image: "composer:2" }
      : undefined;
  }
  return undefined;
}

/** `composer install`, where a step does that and nothing more than to empty the cache behind it. */
function installOf(run: RunInstruction): ShellCommand | undefined {
  const { commands, broken } = run.script;
  if (broken || run.form !== "shell" || run.argumentsText.includes("$") || run.heredocs.length > 0) return undefined;
  const [install, ...more] = commands;
  if (install?.name !== "composer" || subcommandOf(install) !== "install") return undefined;
  if (hasOption(install, "-d", "--working-dir", "--prefer-source") || install.assignments.length > 0) return undefined;
  const isCleaning = (one: ShellCommand): boolean =>
    one.name === "composer" && /^(?:clear-?cache|cc)$/.test(subcommandOf(one) ?? "");
  return more.every(isCleaning) ? install : undefined;
}

/** Whether all that an installation writes lies in `vendor`, and nothing of the project calls composer. */
function isContained(context: BuildContext | undefined, install: ShellCommand): boolean {
  const manifest = jsonObject(context?.text("composer.json"));
  const lock = jsonObject(context?.text("composer.lock"));
  const texts = context && contextTexts(context);
  if (!context?.complete || !manifest || !lock || !texts) return false;
  if (placesElsewhere(lock) || asObject(manifest["extra"])?.["installer-paths"] !== undefined) return false;
  const config = asObject(manifest["config"]) ?? {};
  if ("vendor-dir" in config || "bin-dir" in config) return false;
  const scripts = Object.keys(asObject(manifest["scripts"]) ?? {});
  if (!hasOption(install, "--no-scripts") && scripts.some((name) => installScripts.test(name))) return false;
  return !texts.some(({ path, text }) => /(?:^|\/)[^./]+$|\.sh$/.test(path) && /\bcomposer\s+[a-z]/.test(text));
}

/** Whether a plugin among the packages may put files elsewhere: WordPress's and Drupal's do. */
function placesElsewhere(lock: Readonly<Record<string, unknown>>): boolean {
  const packages = [lock["packages"], lock["packages-dev"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return packages.some((one) => {
    const { type, name } = asObject(one) ?? {};
    return type === "composer-plugin" && !plugins.has(String(name));
  });
}

/** What is there when libraries are installed: the same files, at the same place. */
function copiesBefore(
  dockerfile: Dockerfile,
  stage: Stage,
  run: RunInstruction,
  composer: Instruction,
): readonly string[] | undefined {
  const lines: string[] = [];
  for (const one of stage.instructions) {
    if (one.index >= run.index) break;
    if (one === composer || !["COPY", "ADD", "WORKDIR", "ENV"].includes(one.keyword)) continue;
    if (one.keyword === "ENV" && !one.pairs.some(({ name }) => name.raw.startsWith("COMPOSER_"))) continue;
    if (one.heredocs.length > 0 || one.argumentsText.includes("$")) return undefined;
    // What another stage or an address brings is no part of the project, but may lie in its directory.
    if (flagValue(one, "from") !== undefined || one.argumentsText.includes("://")) return undefined;
    lines.push(dockerfile.source.text.slice(one.range.start, one.range.end).replace(/ --ch(?:own|mod)=\S+/g, ""));
  }
  const copied = instructionsOf(dockerfile, "COPY").some((one) => one.stage === stage.index && one.index < run.index);
  return copied ? lines : undefined;
}
