import { parseReference } from "../../bases/index.ts";
import {
  type Dockerfile,
  insertAt,
  insertLineAfter,
  type Instruction,
  type RunInstruction,
  type Stage,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { installs, managerCalls, packageName } from "./package-managers.ts";
import { pipInstalls } from "./pip.ts";
import { isAlwaysThere, runtimeLibraries } from "./runtime-libraries.ts";
import type { Split } from "./split-stage.ts";
import { isToolchain } from "./toolchain.ts";

const environment = "/opt/venv";
/** Options by which pip installs elsewhere, or builds with what an environment of its own lacks. */
const elsewhere =
  /^(?:--user|--target|-t|--prefix|--root|--editable|-e|--no-build-isolation|--break-system-packages|--no-warn-script-location|--python)(?:=|$)/;
/** What only an installation reads. */
const manifests =
  /^(?:\.\/)?(?:[\w./-]*requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg))$/;

/**
 * Cuts a Python service in two that installs a compiler for its requirements: they go into a virtual environment, which the
 * second stage takes over together with the libraries that the headers stand for. Undefined where a step does anything else
 * before the last requirement is installed.
 */
export function pythonSplit(dockerfile: Dockerfile, stage: Stage, known: Known): Split | undefined {
  const { from } = stage;
  const { reference, suite } = baseOf(dockerfile, stage, known);
  const parsed = reference === undefined ? undefined : parseReference(reference);
  if (!from || dockerfile.stages.length !== 1 || parsed?.official !== "python" || from.image.raw.includes("$"))
    return undefined;
  if (!parsed.tag?.includes("slim") || parsed.digest !== undefined || stage.name) return undefined;
  const instructions = stage.instructions.slice(1);
  const end = instructions.findLastIndex((one) => one.keyword === "RUN" && pipInstalls(one).length > 0);
  const last = instructions[end];
  if (!last || instructions.slice(end + 1).some(installsMore)) return undefined;
  // What a system-wide installation puts there is in the environment now.
  if (instructions.some((one) => /\/usr\/local\/(?:s?bin|lib\/python)/.test(one.argumentsText))) return undefined;
  const repeated: string[] = [];
  const packages = new Set<string>();
  for (const one of instructions.slice(0, end + 1)) {
    if (one.keyword === "RUN") {
      const needed = runtimePackages(one, suite);
      if (!needed) return undefined;
      for (const name of needed) packages.add(name);
    } else if (one.keyword === "COPY" || one.keyword === "ADD") {
      if (one.heredocs.length > 0) return undefined;
      if (!one.sources.every(({ value }) => manifests.test(value ?? ""))) repeated.push(textOf(dockerfile, one));
    } else if (one.keyword === "ENV" || one.keyword === "WORKDIR") repeated.push(textOf(dockerfile, one));
    else if (one.keyword === "LABEL" || one.keyword === "EXPOSE" || one.keyword === "STOPSIGNAL")
      repeated.push(textOf(dockerfile, one));
    else return undefined;
  }
  const { newline } = dockerfile;
  const path = `ENV PATH=${environment}/bin:$PATH`;
  const install = `RUN apt-get update && apt-get install -y --no-install-recommends ${[...packages].sort().join(" ")} && rm -rf /var/lib/apt/lists/*`;
  const second = [
    `${newline}FROM ${from.image.raw}`,
    ...(packages.size > 0 ? [install] : []),
    path,
    `COPY --from=build ${environment} ${environment}`,
    ...repeated,
  ].join(newline);
  return {
    title:
      "Install the requirements in a stage of their own and ship their virtual environment, if they need no other library of the system",
    edits: [
      insertAt(
        dockerfile,
        from.argumentsRange.end,
        ` AS build${newline}RUN python -m venv ${environment}${newline}${path}`,
      ),
      insertLineAfter(dockerfile, last, second),
    ],
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
function runtimePackages(run: RunInstruction, suite: string | undefined): readonly string[] | undefined {
  const pips = pipInstalls(run);
  if (run.script.broken || run.form !== "shell") return undefined;
  for (const command of run.script.commands) {
    const ours =
      managerCalls(run).some((call) => call.command === command && call.manager === "apt" && call.does !== "remove") ||
      pips.some((pip) => pip.command === command && !command.args.some(({ raw }) => elsewhere.test(raw))) ||
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
      else if (/^lib.*-dev$/.test(name) && !/^(?:libc6|libpython[\d.]*)-dev$/.test(name)) return undefined;
    }
  return needed;
}
