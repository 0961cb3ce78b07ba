import { chainOf, type Dockerfile, type Instruction, type InstructionOf } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";

export interface CurrentUser {
  /** "root" also for 0; the name or number otherwise; undefined where a variable or an unknown base decides. */
  readonly user?: string | undefined;
  /** The USER that says so; absent where the base decides. */
  readonly by?: InstructionOf<"USER"> | undefined;
}

/** Who instructions run as just before `at`, or at the end of the stage when `at` is one behind its last. */
export function userAt(dockerfile: Dockerfile, stageIndex: number, before: number, known: Known): CurrentUser {
  const chain = chainOf(dockerfile, stageIndex);
  for (const stage of chain) {
    for (let i = stage.instructions.length - 1; i >= 0; i--) {
      const one = stage.instructions[i];
      if (one?.keyword === "USER" && one.index < before) return { user: userOf(one), by: one };
    }
  }
  const [first] = chain;
  return { user: first ? rootless(baseOf(dockerfile, first, known).user) : undefined };
}

/** Who the image starts as. */
export function finalUser(dockerfile: Dockerfile, known: Known): CurrentUser {
  return userAt(dockerfile, dockerfile.stages.length - 1, Number.POSITIVE_INFINITY, known);
}

/** The user part of a USER instruction. */
export function userOf(instruction: InstructionOf<"USER">): string | undefined {
  return rootless(instruction.words[0]?.value);
}

function rootless(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const colon = text.indexOf(":");
  const user = colon < 0 ? text : text.slice(0, colon);
  return /^0+$/.test(user) ? "root" : user;
}

/** Who an instruction runs as. */
export function userOfInstruction(dockerfile: Dockerfile, instruction: Instruction, known: Known): CurrentUser {
  return userAt(dockerfile, instruction.stage, instruction.index, known);
}
