import type { SourceRange, SourceText } from "../../core/index.ts";
import type { ShellScript, Word } from "../shell/tree.ts";

/** A Dockerfile as BuildKit reads it, with the place of every part. All ranges are offsets into `source.text`. */
export interface Dockerfile {
  readonly source: SourceText;
  /** `syntax`, `escape` and `check` where they count; elsewhere they are comments. */
  readonly directives: readonly Directive[];
  /** Every instruction in source order; what an ONBUILD triggers is inside it, not here. */
  readonly instructions: readonly Instruction[];
  /** A text without FROM (a fragment) with instructions has one stage of base kind "none". */
  readonly stages: readonly Stage[];
  /** Comment lines in source order, also those inside continued instructions; directives are not among them. */
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
  readonly escape: "\\" | "`";
  /**
   * The value of a variable as an instruction sees it when nothing is given on the command line: null when it is known to be
   * unset, undefined when it cannot be known (the base may set it, or an ARG has no default).
   */
  variable(name: string, at: Instruction): string | null | undefined;
  /** Whether an ENV or ARG in scope declares it. */
  declares(name: string, at: Instruction): boolean;
  /** The names of the ARGs before the first FROM. */
  readonly globalArguments: readonly string[];
  /** The line ending the file uses most. */
  readonly newline: "\n" | "\r\n";
}

export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly range: SourceRange;
}

export interface Comment {
  /** Without `#` and surrounding space. */
  readonly text: string;
  /** From `#` to the end of the line, line ending not included. */
  readonly range: SourceRange;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly range: SourceRange;
  /** Ids that peers have for this very problem. */
  readonly aliases?: readonly string[];
}

export interface Stage {
  readonly index: number;
  readonly name?: Word | undefined;
  readonly base: StageBase;
  /** Its FROM first; undefined in a fragment. */
  readonly from?: FromInstruction | undefined;
  readonly instructions: readonly Instruction[];
}

export type StageBase =
  /** `reference` is undefined where a variable without known value is in it. */
  | { readonly kind: "image"; readonly reference?: string | undefined }
  | { readonly kind: "stage"; readonly index: number }
  | { readonly kind: "scratch" }
  | { readonly kind: "none" };

export interface Flag {
  /** "from" in `--from=build`. */
  readonly name: string;
  readonly value?: Word | undefined;
  readonly range: SourceRange;
}

export interface Heredoc {
  readonly name: string;
  /** `<<-`: leading tabs are dropped. */
  readonly stripTabs: boolean;
  /** False when the delimiter is quoted: nothing in the body is expanded. */
  readonly expand: boolean;
  /** `<<EOF` itself. */
  readonly operator: SourceRange;
  /** The lines of the body, its last line ending included. */
  readonly body: SourceRange;
  /** The terminating line, without its line ending; undefined where the file ends first. */
  readonly terminator?: SourceRange | undefined;
}

interface InstructionBase {
  /** Position in `Dockerfile.instructions`. */
  readonly index: number;
  /** -1 before the first FROM. */
  readonly stage: number;
  /** The keyword as written. */
  readonly keywordRange: SourceRange;
  /** The logical line: from the keyword, continuations and heredocs included, without the last line ending. */
  readonly range: SourceRange;
  /** The same without heredoc bodies. */
  readonly lineRange: SourceRange;
  readonly flags: readonly Flag[];
  /** What follows the flags, from its first to its last character; empty at the end of the line when nothing does. */
  readonly argumentsRange: SourceRange;
  /** That text with continuations joined and comments inside dropped, as Docker reads it. */
  readonly argumentsText: string;
  /** The words Docker sees: strings of a JSON form, else split the way this instruction splits. */
  readonly words: readonly Word[];
  readonly heredocs: readonly Heredoc[];
  /** Blank lines inside the continuation. */
  readonly emptyContinuations: readonly SourceRange[];
  /** Instructions triggered by ONBUILD point at it. */
  readonly onbuild?: OnbuildInstruction | undefined;
}

export interface FromInstruction extends InstructionBase {
  readonly keyword: "FROM";
  /** Empty raw where it is missing. */
  readonly image: Word;
  readonly as?: Word | undefined;
}

/** Instructions that hold a command: `form` is "exec" only for a valid JSON array of strings. */
interface CommandBase extends InstructionBase {
  readonly form: "shell" | "exec";
  /** For exec form one command of its words; `["sh", "-c", "…"]` is looked into. Lazily parsed. */
  readonly script: ShellScript;
}
export interface RunInstruction extends CommandBase {
  readonly keyword: "RUN";
}
export interface CommandInstruction extends CommandBase {
  readonly keyword: "CMD" | "ENTRYPOINT";
}
export interface HealthcheckInstruction extends CommandBase {
  readonly keyword: "HEALTHCHECK";
  /** `HEALTHCHECK NONE`. */
  readonly none: boolean;
}
export interface ShellInstruction extends CommandBase {
  readonly keyword: "SHELL";
}
export interface CopyInstruction extends InstructionBase {
  readonly keyword: "COPY" | "ADD";
  readonly form: "shell" | "exec";
  /** Heredoc sources are not among them. */
  readonly sources: readonly Word[];
  /** Empty raw where it is missing. */
  readonly target: Word;
}
export interface PairsInstruction extends InstructionBase {
  readonly keyword: "ENV" | "ARG" | "LABEL";
  readonly pairs: readonly Pair[];
  /** `ENV name value`. */
  readonly legacy: boolean;
}
export interface Pair {
  readonly name: Word;
  /** Undefined for `ARG NAME`. */
  readonly value?: Word | undefined;
  readonly range: SourceRange;
}
export interface OnbuildInstruction extends InstructionBase {
  readonly keyword: "ONBUILD";
  readonly trigger?: Instruction | undefined;
}
export interface PlainInstruction extends InstructionBase {
  readonly keyword: "EXPOSE" | "MAINTAINER" | "STOPSIGNAL" | "USER" | "VOLUME" | "WORKDIR";
}
/** A keyword Docker does not know. */
export interface UnknownInstruction extends InstructionBase {
  readonly keyword: "UNKNOWN";
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CommandInstruction
  | HealthcheckInstruction
  | ShellInstruction
  | CopyInstruction
  | PairsInstruction
  | OnbuildInstruction
  | PlainInstruction
  | UnknownInstruction;

export type Keyword = Instruction["keyword"];
type Having<I, K> = I extends { readonly keyword: infer J } ? (K extends J ? I : never) : never;
/** The instruction type of a keyword. */
export type InstructionOf<K extends Keyword> = K extends Keyword ? Having<Instruction, K> : never;
