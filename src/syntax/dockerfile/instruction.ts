import type { SourceRange } from "../../core/index.ts";
import type { JoinedText } from "../joined.ts";
import { parseScript, type ScriptText } from "../shell/script.ts";
import type { ShellScript, Word } from "../shell/tree.ts";
import { expandWord, needsExpansion } from "./expand.ts";
import type { FlagSpan } from "./flags.ts";
import { type JsonForm, readJsonForm } from "./json-form.ts";
import type { Scope } from "./scope.ts";
import { shellOf } from "./shell-dialect.ts";
import type {
  Flag,
  FromInstruction,
  Heredoc,
  Instruction,
  Keyword,
  OnbuildInstruction,
  Pair,
  ShellInstruction,
} from "./tree.ts";
import { splitAtSpace, splitQuoted } from "./words.ts";

/** What all instructions of one file share. */
export interface FileState {
  readonly text: string;
  escape: "\\" | "`";
  readonly scope: Scope;
}

/** Where the parts of one instruction stand in its joined line. */
export interface Layout {
  readonly joined: JoinedText;
  readonly keyword: Keyword;
  readonly keywordStart: number;
  readonly keywordEnd: number;
  readonly flags: readonly FlagSpan[];
  /** The arguments, without white space around them. */
  readonly start: number;
  readonly end: number;
}

/** Where it stands in the file. */
export interface Place {
  readonly index: number;
  readonly stage: number;
  readonly lineRange: SourceRange;
  readonly end: number;
  readonly heredocs: readonly Heredoc[];
  readonly emptyContinuations: readonly SourceRange[];
  /** The SHELL in force. */
  readonly shell: ShellInstruction | undefined;
  readonly windows: boolean;
}

const none: readonly never[] = [];

/** A word of a Dockerfile, whose value is looked up when asked for. */
class DockerWord implements Word {
  readonly raw: string;
  readonly range: SourceRange;
  readonly #node: InstructionNode | undefined;
  #value: string | undefined;
  #resolved = false;

  /** Without a node the word is literal: `value` is what it says. */
  constructor(raw: string, range: SourceRange, node: InstructionNode | undefined, literal?: string) {
    this.raw = raw;
    this.range = range;
    this.#node = node;
    if (!node) {
      this.#value = literal ?? raw;
      this.#resolved = true;
    } else if (literal !== undefined) this.#value = literal;
  }

  get value(): string | undefined {
    if (!this.#resolved) {
      this.#resolved = true;
      const node = this.#node;
      const text = this.#value ?? this.raw;
      this.#value = node && needsExpansion(text, node.file.escape) ? node.expand(text).value : text;
    }
    return this.#value;
  }
}

/**
 * Every instruction; the types of tree.ts say which of its fields a keyword has. What costs time (words, JSON, shell) is
 * worked out when first asked for and kept.
 */
export class InstructionNode {
  readonly keyword: Keyword;
  readonly index: number;
  readonly stage: number;
  readonly lineRange: SourceRange;
  readonly heredocs: readonly Heredoc[];
  readonly emptyContinuations: readonly SourceRange[];
  readonly file: FileState;
  onbuild: OnbuildInstruction | undefined;
  trigger: Instruction | undefined;
  readonly #layout: Layout;
  readonly #place: Place;
  #flags: readonly Flag[] | undefined;
  #words: readonly Word[] | undefined;
  #pairs: readonly Pair[] | undefined;
  #json: JsonForm | "not-strings" | null | undefined;
  #script: ShellScript | undefined;

  constructor(file: FileState, layout: Layout, place: Place) {
    this.file = file;
    this.keyword = layout.keyword;
    this.index = place.index;
    this.stage = place.stage;
    this.lineRange = place.lineRange;
    this.heredocs = place.heredocs;
    this.emptyContinuations = place.emptyContinuations;
    this.#layout = layout;
    this.#place = place;
  }

  get range(): SourceRange {
    return { start: this.lineRange.start, end: this.#place.end };
  }

  get keywordRange(): SourceRange {
    return this.#layout.joined.range(this.#layout.keywordStart, this.#layout.keywordEnd);
  }

  get argumentsRange(): SourceRange {
    return this.#layout.joined.range(this.#layout.start, this.#layout.end);
  }

  get argumentsText(): string {
    return this.#layout.joined.text.slice(this.#layout.start, this.#layout.end);
  }

  get flags(): readonly Flag[] {
    const { flags, joined } = this.#layout;
    if (flags.length === 0) return none;
    this.#flags ??= flags.map(({ name, value, start, end, valueStart }) => ({
      name,
      range: joined.range(start, end),
      value:
        value === undefined
          ? undefined
          : new DockerWord(joined.text.slice(valueStart, end), joined.range(valueStart, end), this, value),
    }));
    return this.#flags;
  }

  get words(): readonly Word[] {
    this.#words ??= this.#readWords();
    return this.#words;
  }

  /** Expands variables as they stand here. */
  expand(text: string): ReturnType<typeof expandWord> {
    return expandWord(text, this.file.escape, (name) => this.file.scope.lookup(name, this.stage, this.index));
  }

  // FROM
  get image(): Word {
    return this.words[0] ?? this.#emptyWord();
  }
  get as(): Word | undefined {
    const [, as, name] = this.words;
    return as?.raw.toLowerCase() === "as" ? name : undefined;
  }

  // COPY, ADD
  get sources(): readonly Word[] {
    const sources = this.words.slice(0, -1);
    return this.heredocs.length === 0 ? sources : sources.filter((word) => !this.#isHeredoc(word));
  }
  get target(): Word {
    const last = this.words.at(-1);
    return last && this.words.length > 1 ? last : this.#emptyWord();
  }

  // ENV, ARG, LABEL
  get pairs(): readonly Pair[] {
    this.#pairs ??= this.#readPairs();
    return this.#pairs;
  }
  get legacy(): boolean {
    const first = this.words[0];
    return this.keyword !== "ARG" && first !== undefined && !first.raw.includes("=");
  }

  // RUN, CMD, ENTRYPOINT, HEALTHCHECK, SHELL, COPY, ADD
  get form(): "shell" | "exec" {
    return this.jsonForm ? "exec" : "shell";
  }
  /** HEALTHCHECK NONE. */
  get none(): boolean {
    return this.keyword === "HEALTHCHECK" && /^none$/i.test(this.argumentsText);
  }
  get script(): ShellScript {
    this.#script ??= this.#readScript();
    return this.#script;
  }

  /** The JSON array, when it is one; "not-strings" is told as undefined here and as a problem by the parser. */
  get jsonForm(): JsonForm | undefined {
    const json = this.rawJson;
    return json === "not-strings" || json === null ? undefined : json;
  }
  get rawJson(): JsonForm | "not-strings" | null {
    if (this.#json === undefined) {
      const start = this.#commandStart();
      const json =
        this.#layout.joined.text[start] === "["
          ? readJsonForm(this.#layout.joined.text, start, this.#layout.end)
          : undefined;
      this.#json = json ?? null;
    }
    return this.#json;
  }

  /** Where the command of HEALTHCHECK begins, behind CMD; for others where the arguments do. */
  #commandStart(): number {
    const { joined, start, end } = this.#layout;
    if (this.keyword !== "HEALTHCHECK") return start;
    const match = /^cmd\s+/i.exec(joined.text.slice(start, end));
    return match ? start + match[0].length : start;
  }

  #emptyWord(): Word {
    const end = this.argumentsRange.end;
    return new DockerWord("", { start: end, end }, undefined);
  }

  #isHeredoc(word: Word): boolean {
    return this.heredocs.some(
      (heredoc) => heredoc.operator.start <= word.range.start && word.range.end <= heredoc.operator.end,
    );
  }

  #word(start: number, end: number, literal = false): Word {
    const { joined } = this.#layout;
    return new DockerWord(joined.text.slice(start, end), joined.range(start, end), literal ? undefined : this);
  }

  #readWords(): readonly Word[] {
    const { joined, start, end, keyword } = this.#layout;
    if (start >= end) return none;
    switch (keyword) {
      case "ENV":
      case "ARG":
      case "LABEL":
        return this.#spans(splitQuoted(joined.text, start, end, this.file.escape.charCodeAt(0)));
      case "FROM":
      case "EXPOSE":
        return this.#spans(splitAtSpace(joined.text, start, end));
      case "COPY":
      case "ADD":
      case "VOLUME":
        return this.#jsonWords(true) ?? this.#spans(splitAtSpace(joined.text, start, end));
      case "USER":
      case "WORKDIR":
      case "STOPSIGNAL":
      case "MAINTAINER":
        return [this.#word(start, end)];
      default:
        return this.#jsonWords(false) ?? [this.#word(this.#commandStart(), end, true)];
    }
  }

  #spans(spans: readonly number[]): readonly Word[] {
    const words: Word[] = [];
    for (let i = 0; i < spans.length; i += 2) words.push(this.#word(spans[i] ?? 0, spans[i + 1] ?? 0));
    return words;
  }

  #jsonWords(expands: boolean): readonly Word[] | undefined {
    const json = this.jsonForm;
    const { joined } = this.#layout;
    return json?.values.map((value, i) => {
      const start = json.spans[2 * i] ?? 0;
      const end = json.spans[2 * i + 1] ?? 0;
      return new DockerWord(joined.text.slice(start, end), joined.range(start, end), expands ? this : undefined, value);
    });
  }

  #readPairs(): readonly Pair[] {
    const { joined, start, end } = this.#layout;
    if (this.legacy) {
      const nameEnd = start + (this.argumentsText.search(/[\t\v\f\r ]/) + 1 || end - start + 1) - 1;
      let valueStart = nameEnd;
      while (valueStart < end && /[\t\v\f\r ]/.test(joined.text[valueStart] ?? "")) valueStart++;
      const name = this.#word(start, nameEnd);
      return [
        { name, range: joined.range(start, end), ...(valueStart < end ? { value: this.#word(valueStart, end) } : {}) },
      ];
    }
    const spans = splitQuoted(joined.text, start, end, this.file.escape.charCodeAt(0));
    const pairs: Pair[] = [];
    for (let i = 0; i < spans.length; i += 2) {
      const from = spans[i] ?? 0;
      const to = spans[i + 1] ?? 0;
      const equals = joined.text.indexOf("=", from);
      const range = joined.range(from, to);
      if (equals < 0 || equals >= to) pairs.push({ name: this.#word(from, to), range });
      else pairs.push({ name: this.#word(from, equals), value: this.#word(equals + 1, to), range });
    }
    return pairs;
  }

  #readScript(): ShellScript {
    const { joined, end } = this.#layout;
    const shell = shellOf(this.#place.shell, this.#place.windows);
    const start = this.#commandStart();
    const lookup = (name: string): string | null | undefined => this.file.scope.lookup(name, this.stage, this.index);
    const range = { start: joined.at(start), end: this.range.end };
    const json = this.jsonForm;
    if (json)
      return parseScript(
        { kind: "exec", words: this.words },
        { ...shell, dialect: "posix", errexit: false },
        range,
        lookup,
      );
    const text = this.#scriptText(joined, start, end);
    return parseScript(text, shell, range, lookup);
  }

  /** `RUN <<EOF` runs the body; `RUN cat <<EOF` is a line whose here-documents the shell reads itself. */
  #scriptText(joined: JoinedText, start: number, end: number): ScriptText {
    const [first] = this.heredocs;
    if (!first) return { kind: "joined", joined, start, end };
    const line = joined.text.slice(start, end);
    const body = { start: first.body.start, end: first.body.end };
    if (this.heredocs.length === 1 && first.operator.end - first.operator.start === end - start) {
      return { kind: "heredoc", text: this.file.text, ...body };
    }
    return { kind: "with-heredocs", line, joined, start, text: this.file.text, heredocs: this.heredocs };
  }
}

export function isFrom(instruction: Instruction): instruction is FromInstruction {
  return instruction.keyword === "FROM";
}
