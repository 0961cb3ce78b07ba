import type { SourceText } from "../../core/index.ts";
import { CARRIAGE_RETURN } from "./characters.ts";
import { checkInstruction } from "./check.ts";
import type { InstructionNode } from "./instruction.ts";
import type { Scope } from "./scope.ts";
import type { Comment, Directive, Dockerfile, Instruction, Stage, SyntaxProblem } from "./tree.ts";

type Parts = Pick<Dockerfile, "source" | "directives" | "instructions" | "stages" | "comments" | "escape">;

/**
 * The tree of a file; what only some callers want is worked out when it is first asked for. A class, as an object literal
 * with getters gets a hidden class of its own each time, and that keeps every tree alive until the next full collection.
 */
export class ParsedDockerfile implements Dockerfile {
  readonly source: SourceText;
  readonly directives: readonly Directive[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly comments: readonly Comment[];
  readonly escape: "\\" | "`";
  readonly #scope: Scope;
  readonly #found: readonly SyntaxProblem[];
  #problems: readonly SyntaxProblem[] | undefined;

  constructor(parts: Parts, scope: Scope, found: readonly SyntaxProblem[]) {
    this.source = parts.source;
    this.directives = parts.directives;
    this.instructions = parts.instructions;
    this.stages = parts.stages;
    this.comments = parts.comments;
    this.escape = parts.escape;
    this.#scope = scope;
    this.#found = found;
  }

  get problems(): readonly SyntaxProblem[] {
    this.#problems ??= this.#check();
    return this.#problems;
  }

  get globalArguments(): readonly string[] {
    return this.#scope.globals();
  }

  get newline(): "\n" | "\r\n" {
    const { text } = this.source;
    const at = text.indexOf("\n");
    return at > 0 && text.charCodeAt(at - 1) === CARRIAGE_RETURN ? "\r\n" : "\n";
  }

  variable(name: string, at: Instruction): string | null | undefined {
    return this.#scope.lookup(name, at.stage, at.index);
  }

  declares(name: string, at: Instruction): boolean {
    return this.#scope.declared(name, at.stage, at.index);
  }

  #check(): readonly SyntaxProblem[] {
    const problems = [...this.#found];
    const fragment = this.stages[0]?.from === undefined;
    for (const instruction of this.instructions) {
      checkInstruction(instruction as unknown as InstructionNode, instruction, problems);
      if (instruction.keyword === "ONBUILD" && instruction.trigger) {
        checkInstruction(instruction.trigger as unknown as InstructionNode, instruction.trigger, problems);
      }
      if (instruction.stage < 0 && !fragment && instruction.keyword !== "ARG") {
        problems.push({
          message: "only ARG may stand before the first FROM",
          range: instruction.keywordRange,
          aliases: ["DL3061"],
        });
      }
    }
    return problems.sort((a, b) => a.range.start - b.range.start);
  }
}
