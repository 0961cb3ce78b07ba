import {
  chainOf,
  type CommandInstruction,
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  type InstructionOf,
  isBelow,
  mountsOf,
  normalizePath,
  operandsOf,
  remembered,
  type RunInstruction,
  type ShellCommand,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { userOfInstruction } from "./current-user.ts";
import { isProjectPlace } from "./file-steps.ts";
import type { WrittenPath } from "./written-paths.ts";

/** A directory of files that a COPY gave to root. */
export interface RootOwned {
  readonly copy: CopyInstruction;
  /** The directory it fills. */
  readonly directory: string;
  /** All that fill it, or a directory below. */
  readonly copies: readonly CopyInstruction[];
  /** The WORKDIR or mkdir above the COPY that has made it. */
  readonly madeBy?: Instruction | undefined;
}

/** The COPY that makes a written path root's; undefined where anything speaks against it. */
export function rootOwned(
  dockerfile: Dockerfile,
  step: RunInstruction | CommandInstruction,
  { command, path, unlessThere }: WrittenPath,
  known: Known,
): RootOwned | undefined {
  const stage = dockerfile.stages[step.stage];
  if (!stage || (step.keyword === "RUN" && isMounted(step, path))) return undefined;
  if (step.script.commands.some((one) => one.range.start < command.range.start && isAsRoot(one))) return undefined;
  const before = instructionsBefore(dockerfile, stage, step.index);
  if (unlessThere && before.some((one) => mayBring(dockerfile, one, path))) return undefined;
  return ownedBy(dockerfile, stage, before, path, known);
}

/** The first COPY that fills a directory above the path with files of root, after which nobody hands it over. */
export function ownedBy(
  dockerfile: Dockerfile,
  stage: Stage,
  before: readonly Instruction[],
  path: string,
  known: Known,
): RootOwned | undefined {
  if (baseOf(dockerfile, stage, known).user !== "root") return undefined;
  const fillers = before.flatMap((copy) => {
    if (copy.keyword !== "COPY" && copy.keyword !== "ADD") return [];
    const directory = filledByContext(dockerfile, copy);
    return directory === undefined || !isPlainPlace(directory) ? [] : [{ copy, directory }];
  });
  const first = fillers.find(({ directory }) => directory !== path && isBelow(path, directory));
  if (!first) return undefined;
  const { copy, directory } = first;
  if (before.some((one) => mayHandOver(dockerfile, one, first, path, known))) return undefined;
  return {
    copy,
    directory,
    copies: fillers.filter((one) => isBelow(one.directory, directory)).map((one) => one.copy),
    madeBy: before.find((one) => one.index < copy.index && makes(dockerfile, one, directory)),
  };
}

/** What comes before an instruction in a stage and in those it is made of, in the order in which it happens. */
export function instructionsBefore(dockerfile: Dockerfile, stage: Stage, before: number): readonly Instruction[] {
  return chainOf(dockerfile, stage.index)
    .toReversed()
    .flatMap(({ instructions }) => instructions)
    .filter(({ index }) => index < before);
}

function isAsRoot({ name, wrappers }: ShellCommand): boolean {
  return [name, ...wrappers.map((wrapper) => wrapper.name)].some((one) => /^(?:sudo|doas|su|gosu|su-exec)$/.test(one));
}

/** Whether an instruction may bring a directory that `mkdir -p` then finds. */
function mayBring(dockerfile: Dockerfile, one: Instruction, path: string): boolean {
  if (one.keyword === "RUN") return one.argumentsText.includes(path.slice(path.lastIndexOf("/") + 1));
  if (one.keyword !== "COPY" && one.keyword !== "ADD") return false;
  const into = copyTarget(dockerfile, one);
  if (into !== undefined && !isBelow(path, into) && !isBelow(into, path)) return false;
  return !one.sources.every(({ value }) => value !== undefined && /^[^*?[]*\.(?!tar|t[gbx]z)\w+$/.test(value));
}

/** The directory that a COPY from the context without an owner of its own fills; undefined where it may be but a file. */
function filledByContext(dockerfile: Dockerfile, copy: CopyInstruction): string | undefined {
  if (copy.flags.some(({ name }) => name !== "link") || copy.heredocs.length > 0) return undefined;
  const sources = copy.sources.map(({ value }) => value);
  if (copy.keyword === "ADD" && sources.some((source) => source === undefined || /:|\.(?:tar|t[gbx]z)/.test(source)))
    return undefined;
  const into = copyTarget(dockerfile, copy);
  const fills = (copy.target.value ?? "").endsWith("/") || copy.target.value === "." || sources.length > 1;
  const isDirectory = sources.every((source) => source !== undefined && /^\.?\/?$|\/$|^(?:\.?[^.*?[]+)$/.test(source));
  return fills || isDirectory ? into : undefined;
}

function copyTarget(dockerfile: Dockerfile, copy: CopyInstruction): string | undefined {
  return resolved(dockerfile, copy, copy.target.value);
}

/** An absolute path for what an instruction names. */
export function resolved(dockerfile: Dockerfile, at: Instruction, text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (text.startsWith("/")) return normalizePath(text);
  const directory = workdirAt(dockerfile, at);
  return directory === undefined ? undefined : normalizePath(`${directory}/${text}`);
}

/** A directory that no base brings with another owner. */
function isPlainPlace(directory: string): boolean {
  return isProjectPlace(directory) && !/^\/(?:var|usr\/share|home\/[^/]+$)/.test(directory);
}

/** Whether an instruction may give the directory, or what is written in it, to somebody else than root. */
function mayHandOver(
  dockerfile: Dockerfile,
  one: Instruction,
  { copy, directory }: Pick<RootOwned, "copy" | "directory">,
  path: string,
  known: Known,
): boolean {
  if (one.keyword === "WORKDIR") {
    const made = workdirMade(dockerfile, one);
    if (made === undefined) return true;
    const { user } = userOfInstruction(dockerfile, one, known);
    // BuildKit gives a directory that WORKDIR makes, and those above it, to the USER of that line.
    if (user === "root" || (user === undefined && !hasUserAbove(dockerfile, one))) return false;
    return one.index < copy.index ? isBelow(made, directory) : made !== directory && isBelow(path, made);
  }
  if (one.keyword === "COPY" || one.keyword === "ADD") {
    if (one === copy || one.flags.every(({ name }) => name === "link")) return false;
    const into = copyTarget(dockerfile, one);
    return into === undefined || isBelow(into, directory) || isBelow(path, into);
  }
  if (one.keyword === "VOLUME") return false;
  if (one.keyword !== "RUN") return one.keyword === "UNKNOWN";
  const { script } = one;
  if (script.broken || (script.dialect !== "posix" && script.dialect !== "bash")) return true;
  // What somebody else made before the copy came is theirs.
  if (one.index < copy.index && makes(dockerfile, one, directory, true)) {
    if (userOfInstruction(dockerfile, one, known).user !== "root") return true;
  }
  return (
    namedByGivers(dockerfile, one).some(
      (named) => named === undefined || isBelow(path, named) || isBelow(named, path),
    ) ||
    script.commands.some(
      (command) => !givesByName.has(command.name) && (!leavesOwners(command) || namesPath(command, directory)),
    )
  );
}

function hasUserAbove(dockerfile: Dockerfile, one: Instruction): boolean {
  return chainOf(dockerfile, one.stage).some(({ instructions }) =>
    instructions.some(({ keyword, index }) => keyword === "USER" && index < one.index),
  );
}

/** The directory a WORKDIR makes where it is not there. */
function workdirMade(dockerfile: Dockerfile, one: InstructionOf<"WORKDIR">): string | undefined {
  return resolved(dockerfile, one, one.words[0]?.value);
}

/** Commands that give files to others, and only those they name. */
const givesByName = new Set(["chown", "chgrp", "chmod", "mv"]);

/** What a step's commands of that kind name; undefined for what its words do not tell. */
const givenPaths = remembered<Dockerfile, Map<RunInstruction, readonly (string | undefined)[]>>(() => new Map());

function namedByGivers(dockerfile: Dockerfile, run: RunInstruction): readonly (string | undefined)[] {
  const known = givenPaths(dockerfile).get(run);
  if (known) return known;
  const moved = run.script.named("cd").length > 0;
  const named = run.script.commands
    .filter(({ name }) => givesByName.has(name))
    .flatMap((command) => operandsOf(command).slice(command.name === "mv" ? 0 : 1))
    .map(({ value }) => {
      const path = moved && !value?.startsWith("/") ? undefined : resolved(dockerfile, run, value);
      return path === undefined || /[*?[{~]/.test(path) ? undefined : path;
    });
  givenPaths(dockerfile).set(run, named);
  return named;
}

/** Commands that give no file to another owner, wherever they work. */
const keepers = new Set(
  "apt-get apt apk dnf yum microdnf zypper echo printf cd ls test [ true : set export npm yarn pnpm pip pip3 curl wget sed grep cat find groupadd addgroup useradd adduser mkdir touch rm node id whoami date sleep uname corepack gem bundle composer go cargo mvn env tee which update-ca-certificates ln cp".split(
    " ",
  ),
);

function leavesOwners(command: ShellCommand): boolean {
  if (command.nameWord.raw.includes("/") || !keepers.has(command.name)) return false;
  if (command.name === "find") return !command.args.some(({ raw }) => /^-(?:exec|ok)/.test(raw));
  if (command.name === "mkdir") return !command.args.some(({ raw }) => /^-\w*m|^--mode/.test(raw));
  return !command.args.some(({ raw }) => /^-\w*[ap]\b|^--(?:archive|preserve)/.test(raw) && command.name === "cp");
}

/** Whether a command that makes users or copies files does so in the directory: a home, or files of other owners. */
function namesPath(command: ShellCommand, directory: string): boolean {
  if (!/^(?:useradd|adduser|cp|ln)$/.test(command.name)) return false;
  return command.args.some(
    ({ value }) =>
      value === undefined || (value.startsWith("/") && (isBelow(value, directory) || isBelow(directory, value))),
  );
}

/** Whether an instruction makes the directory; with `perhaps`, also where its words do not tell. */
function makes(dockerfile: Dockerfile, one: Instruction, directory: string, perhaps = false): boolean {
  if (one.keyword === "WORKDIR") return isBelow(workdirMade(dockerfile, one) ?? "/", directory);
  if (one.keyword !== "RUN") return false;
  const moved = one.script.named("cd").length > 0;
  return one.script.named("mkdir").some((command) =>
    operandsOf(command).some(({ value }) => {
      const made = moved && !value?.startsWith("/") ? undefined : resolved(dockerfile, one, value);
      return made === undefined ? perhaps : isBelow(made, directory);
    }),
  );
}

function isMounted(run: RunInstruction, path: string): boolean {
  return mountsOf(run).some(({ target }) => target === undefined || isBelow(path, normalizePath(target)));
}
