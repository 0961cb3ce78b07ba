import type {
  Assignment,
  CommandNode as ShellNode,
  Command,
  ParsedScript,
  Redirection,
  Statement,
  WordPart,
} from "unbash";
import { parse } from "unbash";
import type { SourceRange } from "../../core/index.ts";
import type { JoinedText } from "../joined.ts";
import { ParsedShellWord } from "./parsed-word.ts";
import { inJoined, inJoinedWithBodies, inText, type Positions } from "./positions.ts";
import type { ShellCommand, ShellDialect, ShellScript, ShellText, ShellWrapper, Word } from "./tree.ts";
import { wrapperLength } from "./wrappers.ts";

export interface Shell {
  readonly dialect: ShellDialect;
  readonly errexit: boolean;
}

export type ScriptText =
  | { readonly kind: "joined"; readonly joined: JoinedText; readonly start: number; readonly end: number }
  | { readonly kind: "heredoc"; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: "with-heredocs";
      readonly line: string;
      readonly joined: JoinedText;
      readonly start: number;
      readonly text: string;
      readonly heredocs: readonly { readonly body: SourceRange; readonly terminator?: SourceRange | undefined }[];
    }
  | { readonly kind: "exec"; readonly words: readonly Word[] };

type Lookup = (name: string) => string | null | undefined;
type Joiner = ShellCommand["joinedBy"];

const shells: Readonly<Record<string, ShellDialect>> = {
  sh: "posix",
  ash: "posix",
  dash: "posix",
  bash: "bash",
  ksh: "posix",
  zsh: "bash",
};
const maximumDepth = 24;
const none: readonly never[] = [];

/** Reads a script once into its simple commands. Scripts in other languages than the shell's give no commands. */
export function parseScript(text: ScriptText, shell: Shell, range: SourceRange, lookup: Lookup): ShellScript {
  const script = new ScriptReader(shell, range, text.kind === "heredoc", lookup);
  if (text.kind === "exec") script.readExec(text.words);
  else script.readText(positionsOf(text));
  return script;
}

function positionsOf(text: Exclude<ScriptText, { kind: "exec" }>): Positions {
  if (text.kind === "joined") return inJoined(text.joined, text.start, text.end);
  if (text.kind === "heredoc") return inText(text.text, text.start, text.end);
  const first = text.heredocs[0];
  const last = text.heredocs.at(-1);
  const bodyStart = first?.body.start ?? 0;
  const bodyEnd = last?.terminator?.end ?? last?.body.end ?? bodyStart;
  return inJoinedWithBodies(text.joined, text.start, text.start + text.line.length, text.text, bodyStart, bodyEnd);
}

class ScriptReader implements ShellScript {
  dialect: ShellDialect;
  errexit: boolean;
  text: ShellText | undefined;
  broken = false;
  readonly heredoc: boolean;
  readonly range: SourceRange;
  readonly commands: CommandNode[] = [];
  readonly lookup: Lookup;
  /** Names the script itself gives a value: what the Dockerfile says of them is then not to be trusted. */
  readonly assigned = new Set<string>();
  #named: Map<string, ShellCommand[]> | undefined;

  constructor(shell: Shell, range: SourceRange, heredoc: boolean, lookup: Lookup) {
    this.dialect = shell.dialect;
    this.errexit = shell.errexit;
    this.range = range;
    this.heredoc = heredoc;
    this.lookup = lookup;
  }

  named(name: string): readonly ShellCommand[] {
    if (!this.#named) {
      this.#named = new Map();
      for (const command of this.commands) {
        const list = this.#named.get(command.name);
        if (list) list.push(command);
        else this.#named.set(command.name, [command]);
      }
    }
    return this.#named.get(name) ?? none;
  }

  readText(positions: Positions): void {
    this.text = positions;
    if (this.heredoc && positions.source.startsWith("#!")) this.dialect = shebangDialect(positions.source);
    if (this.dialect !== "posix" && this.dialect !== "bash") return;
    this.#parse(positions, 0, true);
    for (const command of this.commands) {
      if (command.depth > 0 || command.name !== "set") break;
      if (
        command.args.some(
          (arg, i) => /^-[a-z]*e/.test(arg.raw) || (arg.raw === "errexit" && command.args[i - 1]?.raw === "-o"),
        )
      )
        this.errexit = true;
    }
  }

  /** One command whose words the Dockerfile gives as JSON strings; the script of `["sh", "-c", script]` is read too. */
  readExec(words: readonly Word[]): void {
    const [first] = words;
    if (!first) return;
    this.commands.push(CommandNode.ofWords(words, 0, "start", this.range));
    const dialect = shells[baseName(first.value ?? "")];
    const option = words.findIndex((word, i) => i > 0 && /^-[a-z]*c$/.test(word.value ?? ""));
    const script = option < 0 ? undefined : words[option + 1];
    if (!dialect || !script || script.raw.slice(1, -1) !== script.value) return;
    this.dialect = dialect;
    const start = script.range.start + 1;
    if (script.range.end - script.range.start !== script.raw.length) return;
    this.#parse({ source: script.value, range: (from, to) => ({ start: start + from, end: start + to }) }, 1, false);
  }

  #parse(positions: Positions, depth: number, own: boolean): void {
    let parsed: ParsedScript;
    try {
      parsed = parse(positions.source);
    } catch {
      this.broken = true;
      return;
    }
    if (own && (parsed.errors?.length ?? 0) > 0) this.broken = true;
    this.#list(parsed.commands, depth, positions);
  }

  #list(statements: readonly Statement[], depth: number, positions: Positions): void {
    let joiner: Joiner = "start";
    for (const statement of statements) {
      const { command } = statement;
      if (command.type === "AndOr") {
        for (let i = 0; i < command.commands.length; i++) {
          const part = command.commands[i];
          if (part) this.#pipeline(part, i === 0 ? joiner : (command.operators[i - 1] ?? "&&"), depth, positions);
        }
      } else this.#pipeline(command, joiner, depth, positions);
      joiner = statement.background ? "&" : ";";
    }
  }

  #pipeline(
    node: Exclude<Statement["command"], { type: "AndOr" }>,
    joiner: Joiner,
    depth: number,
    positions: Positions,
  ): void {
    if (node.type !== "Pipeline") {
      this.#node(node, joiner, depth, positions);
      return;
    }
    for (let i = 0; i < node.commands.length; i++) {
      const part = node.commands[i];
      if (part) this.#node(part, i === 0 ? joiner : "|", depth, positions);
    }
  }

  #node(node: ShellNode, joiner: Joiner, depth: number, positions: Positions): void {
    if (depth > maximumDepth) {
      this.broken = true;
      return;
    }
    switch (node.type) {
      case "Command":
        this.#command(node, joiner, depth, positions);
        break;
      case "Redirected":
        this.#node(node.command, joiner, depth, positions);
        break;
      case "Subshell":
      case "BraceGroup":
        this.#list(node.body.commands, depth + 1, positions);
        break;
      case "If":
        this.#list(node.clause.commands, depth + 1, positions);
        this.#list(node.then.commands, depth + 1, positions);
        for (const elif of node.elif) {
          this.#list(elif.clause.commands, depth + 1, positions);
          this.#list(elif.then.commands, depth + 1, positions);
        }
        if (node.else) this.#list(node.else.commands, depth + 1, positions);
        break;
      case "For":
      case "Select":
        this.assigned.add(node.name.text);
        for (const word of node.wordlist ?? none) this.#substitutions(word.parts, depth, positions);
        this.#list(node.body.commands, depth + 1, positions);
        break;
      case "While":
        this.#list(node.clause.commands, depth + 1, positions);
        this.#list(node.body.commands, depth + 1, positions);
        break;
      case "ArithmeticFor":
        this.#list(node.body.commands, depth + 1, positions);
        break;
      case "Case":
        for (const item of node.items) this.#list(item.body.commands, depth + 1, positions);
        break;
      case "Function":
      case "Coproc":
        if (node.body.type === "CompoundList") this.#list(node.body.commands, depth + 1, positions);
        else this.#node(node.body, "start", depth + 1, positions);
        break;
      default:
    }
  }

  #command(node: Command, joiner: Joiner, depth: number, positions: Positions): void {
    for (const item of node.prefix) if (item.type === "Assignment") this.#assignment(item, depth, positions);
    for (const item of node.suffix) {
      if (item.type === "Assignment") this.#assignment(item, depth, positions);
    }
    const command = CommandNode.ofParsed(node, depth, joiner, positions, this);
    if (command.name === "read") for (const word of command.args) this.assigned.add(word.raw);
    this.commands.push(command);
    if (node.name?.text.includes("(") || node.name?.text.includes("`"))
      this.#substitutions(node.name.parts, depth, positions);
    for (const item of node.suffix) {
      if (item.type === "Word" && (item.text.includes("(") || item.text.includes("`")))
        this.#substitutions(item.parts, depth, positions);
      else if ("target" in item && item.target) this.#substitutions(item.target.parts, depth, positions);
    }
    if (shells[command.name]) this.#inner(command, depth);
  }

  #assignment(node: Assignment, depth: number, positions: Positions): void {
    this.assigned.add(node.name);
    if (node.value.type === "Word") this.#substitutions(node.value.parts, depth, positions);
  }

  /** The script of `sh -c '…'`, when it stands there literally. */
  #inner(command: CommandNode, depth: number): void {
    const at = command.args.findIndex((word) => /^-[a-z]*c$/.test(word.raw));
    const word = at < 0 ? undefined : command.args[at + 1];
    if (!word?.value || word.raw.slice(1, -1) !== word.value || word.range.end - word.range.start !== word.raw.length)
      return;
    const start = word.range.start + 1;
    this.#parse(
      { source: word.value, range: (from, to) => ({ start: start + from, end: start + to }) },
      depth + 1,
      false,
    );
  }

  #substitutions(parts: readonly WordPart[] | undefined, depth: number, positions: Positions): void {
    if (!parts || depth > maximumDepth) return;
    for (const part of parts) {
      if (part.type === "CommandExpansion" || part.type === "ProcessSubstitution") {
        if (part.script && part.script.source === undefined) this.#list(part.script.commands, depth + 1, positions);
      } else if (part.type === "DoubleQuoted") this.#substitutions(part.parts, depth, positions);
    }
  }
}

function shebangDialect(source: string): ShellDialect {
  const line = source.slice(2, source.indexOf("\n") < 0 ? undefined : source.indexOf("\n")).trim();
  const words = line.split(/\s+/);
  const program =
    baseName(words[0] ?? "") === "env" ? words.find((word, i) => i > 0 && !word.startsWith("-")) : words[0];
  return shells[baseName(program ?? "")] ?? "unknown";
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

class CommandNode implements ShellCommand {
  readonly name: string;
  readonly nameWord: Word;
  readonly args: readonly Word[];
  readonly wrappers: readonly ShellWrapper[];
  readonly assignments: readonly Word[];
  readonly depth: number;
  readonly joinedBy: Joiner;
  readonly range: SourceRange;
  readonly #redirects: () => ShellCommand["redirects"];
  #foundRedirects: ShellCommand["redirects"] | undefined;

  private constructor(
    words: readonly Word[],
    assignments: readonly Word[],
    depth: number,
    joinedBy: Joiner,
    range: SourceRange,
    redirects: () => ShellCommand["redirects"],
  ) {
    let at = 0;
    let wrappers: ShellWrapper[] | undefined;
    for (let length = wrapperLength(words, 0); length > 0; length = wrapperLength(words, at)) {
      const first = words[at];
      const last = words[at + length - 1];
      wrappers ??= [];
      if (first && last) wrappers.push({ name: first.raw, range: { start: first.range.start, end: last.range.end } });
      at += length;
    }
    const nameWord = words[at] ?? { raw: "", value: "", range: { start: range.start, end: range.start } };
    this.name = baseName(nameWord.value ?? "");
    this.nameWord = nameWord;
    this.args = words.slice(at + 1);
    this.wrappers = wrappers ?? none;
    this.assignments = assignments;
    this.depth = depth;
    this.joinedBy = joinedBy;
    this.range = range;
    this.#redirects = redirects;
  }

  get redirects(): ShellCommand["redirects"] {
    this.#foundRedirects ??= this.#redirects();
    return this.#foundRedirects;
  }

  static ofWords(words: readonly Word[], depth: number, joinedBy: Joiner, range: SourceRange): CommandNode {
    return new CommandNode(words, none, depth, joinedBy, range, () => none);
  }

  static ofParsed(
    node: Command,
    depth: number,
    joinedBy: Joiner,
    positions: Positions,
    script: ScriptReader,
  ): CommandNode {
    const words: Word[] = node.name ? [new ParsedShellWord(node.name, positions, script)] : [];
    for (const item of node.suffix)
      if (item.type === "Word" || item.type === "Assignment") words.push(new ParsedShellWord(item, positions, script));
    const assignments: Word[] = [];
    for (const item of node.prefix)
      if (item.type === "Assignment") assignments.push(new ParsedShellWord(item, positions, script));
    const redirects = (): ShellCommand["redirects"] =>
      node.redirects.map((redirect) => toRedirect(redirect, positions, script));
    return new CommandNode(words, assignments, depth, joinedBy, positions.range(node.pos, node.end), redirects);
  }
}

function toRedirect(
  redirect: Redirection,
  positions: Positions,
  script: ScriptReader,
): ShellCommand["redirects"][number] {
  const target = "target" in redirect ? redirect.target : undefined;
  return {
    operator: redirect.operator,
    range: positions.range(redirect.pos, redirect.end),
    ...(target ? { target: new ParsedShellWord(target, positions, script) } : {}),
  };
}
