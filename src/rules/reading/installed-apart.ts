import { type ImageReference, parseReference } from "../../bases/index.ts";
import {
  type Dockerfile,
  insertAt,
  insertLineAfter,
  type Instruction,
  type RunInstruction,
  type ShellCommand,
  type Stage,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { installs, managerCalls, packageName } from "./package-managers.ts";
import { isAlwaysThere, runtimeLibraries } from "./runtime-libraries.ts";
import type { Split } from "./split-stage.ts";
import { isToolchain } from "./toolchain.ts";

/** A language's installer of packages, whose work lies in one directory. */
export interface Installer {
  /** Whether it works in the images of a base so. */
  takes(base: ImageReference, dockerfile: Dockerfile): boolean;
  /** The commands of a step that install into the directory; empty where there are none. */
  calls(run: RunInstruction): readonly ShellCommand[];
  /** Whether a command only prepares them, or cleans up behind them. */
  serves(command: ShellCommand): boolean;
  /** Where all of it lies, absolute. */
  readonly directory: string;
  /** What only an installation reads. */
  readonly manifests: RegExp;
  /** In any instruction: what would be looked for elsewhere than in the directory. */
  readonly elsewhere: RegExp;
  /** Headers of the language itself: its libraries are in the base. */
  readonly ownHeaders: RegExp;
  /** What the first stage begins with. */
  readonly before: readonly string[];
  /** What both say of the environment. */
  readonly settings: readonly string[];
  readonly title: string;
}

/**
 * Cuts a service in two that installs a compiler for its packages: they go into a directory, which the second stage takes over
 * together with the libraries that the headers stand for. Undefined where a step does anything else before the last package is
 * installed.
 */
export function installedApart(
  dockerfile: Dockerfile,
  stage: Stage,
  known: Known,
  installer: Installer,
): Split | undefined {
  const { from } = stage;
  const { reference, suite } = baseOf(dockerfile, stage, known);
  const parsed = reference === undefined ? undefined : parseReference(reference);
  if (!from || dockerfile.stages.length !== 1 || !parsed || from.image.raw.includes("$")) return undefined;
  if (!parsed.tag?.includes("slim") || parsed.digest !== undefined || stage.name) return undefined;
  if (!installer.takes(parsed, dockerfile)) return undefined;
  const instructions = stage.instructions.slice(1);
  const end = instructions.findLastIndex((one) => one.keyword === "RUN" && installer.calls(one).length > 0);
  const last = instructions[end];
  if (!last || instructions.slice(end + 1).some(installsMore)) return undefined;
  // What a system-wide installation puts there is in the directory now.
  if (instructions.some((one) => installer.elsewhere.test(one.argumentsText))) return undefined;
  const repeated: string[] = [];
  const packages = new Set<string>();
  for (const one of instructions.slice(0, end + 1)) {
    if (one.keyword === "RUN") {
      const needed = runtimePackages(one, suite, installer);
      if (!needed) return undefined;
      for (const name of needed) packages.add(name);
    } else if (one.keyword === "COPY" || one.keyword === "ADD") {
      if (one.heredocs.length > 0) return undefined;
      if (!one.sources.every(({ value }) => installer.manifests.test(value ?? "")))
        repeated.push(textOf(dockerfile, one));
    } else if (one.keyword === "ENV" || one.keyword === "WORKDIR") repeated.push(textOf(dockerfile, one));
    else if (one.keyword === "LABEL" || one.keyword === "EXPOSE" || one.keyword === "STOPSIGNAL")
      repeated.push(textOf(dockerfile, one));
    else return undefined;
  }
  const { newline } = dockerfile;
  const { directory, settings } = installer;
  const install = `RUN apt-get update && apt-get install -y --no-install-recommends ${[...packages].sort().join(" ")} && rm -rf /var/lib/apt/lists/*`;
  const second = [
    `${newline}FROM ${from.image.raw}`,
    ...(packages.size > 0 ? [install] : []),
    ...settings,
    `COPY --from=build ${directory} ${directory}`,
    ...repeated,
  ].join(newline);
  const first = [" AS build", ...installer.before, ...settings].join(newline);
  return {
    title: installer.title,
    edits: [insertAt(dockerfile, from.argumentsRange.end, first), insertLineAfter(dockerfile, last, second)],
  };
}

function textOf(dockerfile: Dockerfile, { range }: Instruction): string {
  return dockerfile.source.text.slice(range.start, range.end);
}

function installsMore(instruction: Instruction): boolean {
  return (
    (instruction.keyword === "RUN" &&
      managerCalls(instruction).some(({ does }) => does === "install" || does === "remove")) ||
    instruction.keyword === "ARG"
  );
}

/** What a step installs that is needed at run time; undefined where it does more than install. */
function runtimePackages(
  run: RunInstruction,
  suite: string | undefined,
  installer: Installer,
): readonly string[] | undefined {
  const calls = installer.calls(run);
  if (run.script.broken || run.form !== "shell") return undefined;
  for (const command of run.script.commands) {
    const ours =
      managerCalls(run).some((call) => call.command === command && call.manager === "apt" && call.does !== "remove") ||
      calls.includes(command) ||
      installer.serves(command) ||
      (command.name === "rm" && command.args.every(({ raw }) => /^-|^\/var\/(?:lib\/apt|cache)\b|^\/tmp\b/.test(raw)));
    if (!ours) return undefined;
  }
  const needed: string[] = [];
  for (const call of installs(run))
    for (const word of call.packages) {
      const name = packageName(word);
      const runtime = runtimeLibraries(name, suite ?? "");
      if (runtime) needed.push(...runtime.filter((one) => !isAlwaysThere(one)));
      else if (!isToolchain(name)) needed.push(name);
      else if (/^lib.*-dev$/.test(name) && name !== "libc6-dev" && !installer.ownHeaders.test(name)) return undefined;
    }
  return needed;
}
