import type { Word } from "../shell/tree.ts";
import type { Instruction, PairsInstruction, Stage } from "./tree.ts";

/** Arguments BuildKit provides without a declaration, in FROM lines (Dockerfile reference, "Automatic platform ARGs in the global scope"). */
export const platformArguments: ReadonlySet<string> = new Set([
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETARCH",
  "TARGETVARIANT",
  "TARGETSTAGE",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDARCH",
  "BUILDVARIANT",
]);

/** Arguments that may be given to any build without a declaration. */
export const predefinedArguments: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

interface Definition {
  readonly at: number;
  readonly keyword: "ENV" | "ARG";
  readonly value: Word | undefined;
}

type Definitions = ReadonlyMap<string, readonly Definition[]>;

const maximumNesting = 64;

/** Which value a variable has at an instruction, when nothing is given on the command line. */
export class Scope {
  readonly #instructions: readonly Instruction[];
  readonly #stages: readonly Stage[];
  readonly #definitions = new Map<number, Definitions>();
  #nesting = 0;

  constructor(instructions: readonly Instruction[], stages: readonly Stage[]) {
    this.#instructions = instructions;
    this.#stages = stages;
  }

  /** The value of `name` as the instruction at `index` of stage `stage` sees it: null when unset, undefined when not knowable. */
  lookup(name: string, stage: number, index: number): string | null | undefined {
    if (this.#nesting >= maximumNesting) return undefined;
    this.#nesting++;
    try {
      return this.#lookup(name, stage, index);
    } finally {
      this.#nesting--;
    }
  }

  /** Whether `name` was declared for the instruction: by ENV or ARG of its stage or of the stages below, or, for FROM, before the first FROM. */
  declared(name: string, stage: number, index: number): boolean {
    if (stage < 0 || this.#instructions[index]?.keyword === "FROM") {
      return (this.#in(-1).get(name) ?? []).some((definition) => definition.at < index);
    }
    for (
      let current: Stage | undefined = this.#stages[stage], limit = index;
      current;
      limit = Number.MAX_SAFE_INTEGER
    ) {
      const here = current.index === stage;
      if ((this.#in(current.index).get(name) ?? []).some((d) => d.at < limit && (here || d.keyword === "ENV")))
        return true;
      current = current.base.kind === "stage" ? this.#stages[current.base.index] : undefined;
    }
    return false;
  }

  /** The names of ARGs declared before the first FROM. */
  globals(): readonly string[] {
    return [...this.#in(-1).keys()];
  }

  #lookup(name: string, stage: number, index: number): string | null | undefined {
    if (stage < 0 || this.#instructions[index]?.keyword === "FROM") return this.#global(name, index);
    let current = this.#stages[stage];
    let limit = index;
    while (current) {
      const env = last(this.#in(current.index).get(name), "ENV", limit);
      if (env) return env.value?.value;
      if (current.index === stage) {
        const arg = last(this.#in(stage).get(name), "ARG", limit);
        if (arg) return arg.value ? arg.value.value : (this.#global(name, Number.MAX_SAFE_INTEGER) ?? undefined);
      }
      if (current.base.kind === "scratch") return null;
      current = current.base.kind === "stage" ? this.#stages[current.base.index] : undefined;
      limit = Number.MAX_SAFE_INTEGER;
    }
    return undefined;
  }

  #global(name: string, index: number): string | null | undefined {
    const found = last(this.#in(-1).get(name), "ARG", index);
    if (found) return found.value ? found.value.value : undefined;
    return platformArguments.has(name) || predefinedArguments.has(name) ? undefined : null;
  }

  #in(stage: number): Definitions {
    const known = this.#definitions.get(stage);
    if (known) return known;
    const made = new Map<string, Definition[]>();
    for (const instruction of stage < 0 ? this.#instructions : (this.#stages[stage]?.instructions ?? [])) {
      if (stage < 0 && instruction.stage >= 0) break;
      if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") continue;
      const { keyword, index, pairs } = instruction as PairsInstruction & { keyword: "ENV" | "ARG" };
      for (const { name, value } of pairs) {
        const list = made.get(name.raw);
        const definition = { at: index, keyword, value };
        if (list) list.push(definition);
        else made.set(name.raw, [definition]);
      }
    }
    this.#definitions.set(stage, made);
    return made;
  }
}

function last(list: readonly Definition[] | undefined, keyword: "ENV" | "ARG", before: number): Definition | undefined {
  return list?.findLast((definition) => definition.keyword === keyword && definition.at < before);
}
