import { remembered } from "../remembered.ts";
import type { Dockerfile, Flag, Instruction, InstructionOf, Keyword, RunInstruction, Stage } from "./tree.ts";

/** The stages whose layers are in the image: the last one and those it is FROM, by index. Other stages only lend files. */
export const shippedStages: (dockerfile: Dockerfile) => ReadonlySet<number> = remembered(
  (dockerfile) => new Set(chainOf(dockerfile, dockerfile.stages.length - 1).map((stage) => stage.index)),
);

/** The stage and those it is FROM, itself first. */
export function chainOf(dockerfile: Dockerfile, index: number): readonly Stage[] {
  const chain: Stage[] = [];
  for (
    let stage = dockerfile.stages[index];
    stage;
    stage = stage.base.kind === "stage" ? dockerfile.stages[stage.base.index] : undefined
  ) {
    chain.push(stage);
  }
  return chain;
}

type ByKeyword = ReadonlyMap<Keyword, readonly Instruction[]>;

function byKeyword(instructions: readonly Instruction[]): ByKeyword {
  const made = new Map<Keyword, Instruction[]>();
  for (const instruction of instructions) {
    const list = made.get(instruction.keyword);
    if (list) list.push(instruction);
    else made.set(instruction.keyword, [instruction]);
  }
  return made;
}

const allByKeyword = remembered((dockerfile: Dockerfile) => byKeyword(dockerfile.instructions));

const shippedByKeyword = remembered((dockerfile: Dockerfile) => {
  const shipped = shippedStages(dockerfile);
  return byKeyword(dockerfile.instructions.filter((instruction) => shipped.has(instruction.stage)));
});

const none: readonly never[] = [];

/** All instructions of a keyword in source order, those before the first FROM included; ONBUILD triggers are not. */
export function instructionsOf<K extends Keyword>(dockerfile: Dockerfile, keyword: K): readonly InstructionOf<K>[] {
  return (allByKeyword(dockerfile).get(keyword) ?? none) as readonly InstructionOf<K>[];
}

/** Instructions of a keyword in stages whose layers reach the image. */
export function shippedInstructions<K extends Keyword>(
  dockerfile: Dockerfile,
  keyword: K,
): readonly InstructionOf<K>[] {
  return (shippedByKeyword(dockerfile).get(keyword) ?? none) as readonly InstructionOf<K>[];
}

export interface Mount {
  /** "bind" when not said. */
  readonly type: string;
  readonly target?: string | undefined;
  readonly source?: string | undefined;
  readonly from?: string | undefined;
  readonly id?: string | undefined;
  readonly readOnly: boolean;
  readonly flag: Flag;
}

/** The `--mount`s of a RUN. Fields whose value holds an unknown variable are undefined. */
export function mountsOf(run: RunInstruction): readonly Mount[] {
  return run.flags.length === 0 ? none : run.flags.filter((flag) => flag.name === "mount").map(readMount);
}

function readMount(flag: Flag): Mount {
  const fields = new Map<string, string | undefined>();
  for (const field of (flag.value?.value ?? flag.value?.raw ?? "").split(",")) {
    const equals = field.indexOf("=");
    const key = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? "true" : field.slice(equals + 1);
    fields.set(key, value.includes("$") ? undefined : value);
  }
  return {
    type: fields.get("type") ?? "bind",
    target: fields.get("target") ?? fields.get("dst") ?? fields.get("destination"),
    source: fields.get("source") ?? fields.get("src"),
    from: fields.get("from"),
    id: fields.get("id"),
    readOnly: ["readonly", "ro"].some((key) => fields.get(key) === "true"),
    flag,
  };
}

/** Whether a cache or tmpfs mount keeps what is written below `path` out of the layer. */
export function mountKeepsOut(run: RunInstruction, path: string): boolean {
  return mountsOf(run).some(
    ({ type, target }) => (type === "cache" || type === "tmpfs") && target !== undefined && isBelow(path, target),
  );
}

/** Whether `path` is `directory` or below it; both absolute, trailing slashes allowed. */
export function isBelow(path: string, directory: string): boolean {
  const trimmed = directory.replace(/\/+$/, "");
  return path === trimmed || path.startsWith(`${trimmed}/`) || path.replace(/\/+$/, "") === trimmed;
}

/** The value of a flag, when it is given and known. */
export function flagValue(instruction: Instruction, name: string): string | undefined {
  return instruction.flags.find((flag) => flag.name === name)?.value?.value;
}

/** The working directory an instruction of a stage sees; undefined where the base's own or a variable decides. */
export function workdirAt(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  let directory: string | undefined;
  let known = false;
  for (const stage of chainOf(dockerfile, instruction.stage).toReversed()) {
    for (const one of stage.instructions) {
      if (one.index >= instruction.index) break;
      if (one.keyword !== "WORKDIR") continue;
      const value: string | undefined = one.words[0]?.value;
      if (value === undefined) {
        known = false;
        directory = undefined;
      } else if (value.startsWith("/")) {
        directory = value;
        known = true;
      } else if (known) directory = `${(directory ?? "").replace(/\/+$/, "")}/${value}`;
    }
  }
  return directory === undefined ? undefined : normalizePath(directory);
}

/** An absolute path without `.`, `..`, doubled or trailing slashes. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The paths of the context that COPY and ADD name, as written and expanded; unknown ones are left out. */
export function copiedPaths(dockerfile: Dockerfile): readonly string[] {
  return [...instructionsOf(dockerfile, "COPY"), ...instructionsOf(dockerfile, "ADD")]
    .filter((copy) => !copy.flags.some((flag) => flag.name === "from"))
    .flatMap((copy) => copy.sources.map((source) => source.value ?? ""))
    .filter((path) => path !== "" && !path.includes("://"));
}
