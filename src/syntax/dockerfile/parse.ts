import type { SourceRange, SourceText } from "../../core/index.ts";
import { JoinedText } from "../joined.ts";
import { CARRIAGE_RETURN, HASH, isSpace, isWordSpace, NEWLINE } from "./characters.ts";
import { DirectiveZone } from "./directives.ts";
import { readFlags } from "./flags.ts";
import { findHeredocs, TerminatorSearch } from "./heredocs.ts";
import { type FileState, InstructionNode, isFrom, type Layout, type Place } from "./instruction.ts";
import { ParsedDockerfile } from "./parsed.ts";
import { Scope } from "./scope.ts";
import type {
  Comment,
  Dockerfile,
  Heredoc,
  Instruction,
  Keyword,
  OnbuildInstruction,
  ShellInstruction,
  Stage,
  StageBase,
  SyntaxProblem,
} from "./tree.ts";

const keywords: ReadonlySet<string> = new Set<Keyword>([
  "FROM",
  "RUN",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "SHELL",
  "COPY",
  "ADD",
  "ENV",
  "ARG",
  "LABEL",
  "ONBUILD",
  "EXPOSE",
  "MAINTAINER",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);
const windowsBase = /(?:^|\/)windows\/|servercore|nanoserver/;

/**
 * Reads a Dockerfile as BuildKit does, and never throws: what BuildKit would refuse is in `problems`, and the rest is still read.
 * @param source the text, with the path that findings will name; a bare string is a text without a path
 */
export function parseDockerfile(source: SourceText | string): Dockerfile {
  return new Reader(typeof source === "string" ? { path: "Dockerfile", text: source } : source).read();
}

interface MutableStage extends Stage {
  readonly instructions: Instruction[];
}

class Reader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #problems: SyntaxProblem[] = [];
  readonly #comments: Comment[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #stages: MutableStage[] = [];
  readonly #stageNames = new Map<string, number>();
  readonly #shells: (ShellInstruction | undefined)[] = [];
  readonly #windows: boolean[] = [];
  readonly #zone: DirectiveZone;
  readonly #file: FileState;
  #terminators: TerminatorSearch | undefined;
  #at: number;

  constructor(source: SourceText) {
    this.#source = source;
    this.#text = source.text;
    this.#zone = new DirectiveZone(this.#problems);
    this.#file = { text: source.text, escape: "\\", scope: new Scope(this.#instructions, this.#stages) };
    this.#at = source.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  read(): Dockerfile {
    const text = this.#text;
    while (this.#at < text.length) this.#line();
    if (this.#stages.length === 0 && this.#instructions.length > 0) this.#makeFragment();
    else if (this.#instructions.length === 0)
      this.#problems.push({ message: "the file has no instructions", range: { start: 0, end: 0 } });
    const { escape, scope } = this.#file;
    return new ParsedDockerfile(
      {
        source: this.#source,
        directives: this.#zone.directives,
        instructions: this.#instructions,
        stages: this.#stages,
        comments: this.#comments,
        escape,
      },
      scope,
      this.#problems,
    );
  }

  /** The end of the line at `start`, without `\r`s and `\n`, and where the next line begins. */
  #lineEnd(start: number): [end: number, next: number] {
    const text = this.#text;
    const newline = text.indexOf("\n", start);
    let end = newline < 0 ? text.length : newline;
    while (end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
    return [end, newline < 0 ? text.length : newline + 1];
  }

  /** Reads one physical line at top level and, when an instruction begins there, all of that. */
  #line(): void {
    const text = this.#text;
    const [end, next] = this.#lineEnd(this.#at);
    let start = this.#at;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    this.#at = next;
    if (start === end) {
      this.#zone.close();
      return;
    }
    if (text.charCodeAt(start) === HASH) {
      const line = text.slice(start, end);
      if (start === 0 && line.startsWith("#!")) {
        this.#comments.push({ text: line.slice(1).trim(), range: { start, end } });
        return;
      }
      if (this.#zone.open && this.#zone.take(line, start)) this.#file.escape = this.#zone.escape;
      else this.#comments.push({ text: line.slice(1).trim(), range: { start, end } });
      return;
    }
    this.#zone.close();
    this.#instruction(start, end);
  }

  /** Where the text of a continued line ends (before the escape character), or -1 when the line does not go on. */
  #continuation(start: number, end: number): number {
    const text = this.#text;
    const escape = this.#file.escape.charCodeAt(0);
    let at = end;
    while (at > start && (text.charCodeAt(at - 1) === 0x20 || text.charCodeAt(at - 1) === 0x09)) at--;
    if (at === start || text.charCodeAt(at - 1) !== escape) return -1;
    return at - 1 > start && text.charCodeAt(at - 2) === escape ? -1 : at - 1;
  }

  #instruction(start: number, firstEnd: number): void {
    const text = this.#text;
    const empty: SourceRange[] = [];
    let lineEnd = firstEnd;
    let stop = this.#continuation(start, firstEnd);
    let joined: JoinedText;
    if (stop < 0) joined = new JoinedText(text.slice(start, firstEnd), [0], [start]);
    else {
      const parts = [text.slice(start, stop)];
      const offsets = [0];
      const sources = [start];
      let length = stop - start;
      while (stop >= 0 && this.#at < text.length) {
        const from = this.#at;
        const [end, next] = this.#lineEnd(from);
        let first = from;
        while (first < end && isSpace(text.charCodeAt(first))) first++;
        this.#at = next;
        if (first === end) empty.push({ start: from, end: next });
        else if (text.charCodeAt(first) === HASH)
          this.#comments.push({ text: text.slice(first + 1, end).trim(), range: { start: first, end } });
        else {
          stop = this.#continuation(from, end);
          const to = stop < 0 ? end : stop;
          parts.push(text.slice(from, to));
          offsets.push(length);
          sources.push(from);
          length += to - from;
          lineEnd = end;
        }
      }
      joined = new JoinedText(parts.join(""), offsets, sources);
    }
    while (lineEnd > start && isSpace(text.charCodeAt(lineEnd - 1))) lineEnd--;
    this.#add(joined, { start, end: lineEnd }, empty);
  }

  #add(joined: JoinedText, lineRange: SourceRange, empty: readonly SourceRange[]): void {
    const layout = this.#layout(joined, 0);
    const { heredocs, end } = this.#heredocs(layout, lineRange.end);
    let stage = this.#stages.length - 1;
    if (layout.keyword === "FROM") stage++;
    const place: Place = {
      index: this.#instructions.length,
      stage,
      lineRange,
      end,
      heredocs,
      emptyContinuations: empty,
      shell: this.#shells[stage],
      windows: this.#windows[stage] ?? this.#file.escape === "`",
    };
    const node = new InstructionNode(this.#file, layout, place);
    const instruction = node as unknown as Instruction;
    this.#instructions.push(instruction);
    if (layout.keyword === "ONBUILD") this.#trigger(node, joined, layout, place);
    else if (layout.keyword === "SHELL" && stage >= 0) this.#shells[stage] = instruction as ShellInstruction;
    if (isFrom(instruction)) this.#from(instruction);
    else if (stage >= 0) this.#stages[stage]?.instructions.push(instruction);
  }

  /** Splits the joined line from `from` on into keyword, flags and arguments. */
  #layout(joined: JoinedText, from: number): Layout {
    const text = joined.text;
    let end = text.length;
    while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
    let keywordStart = from;
    while (keywordStart < end && isSpace(text.charCodeAt(keywordStart))) keywordStart++;
    let keywordEnd = keywordStart;
    while (keywordEnd < end && !isWordSpace(text.charCodeAt(keywordEnd)) && text.charCodeAt(keywordEnd) !== NEWLINE)
      keywordEnd++;
    const written = text.slice(keywordStart, keywordEnd).toUpperCase();
    const keyword = (keywords.has(written) ? written : "UNKNOWN") as Keyword;
    const { flags, next } = readFlags(text, keywordEnd, end);
    let start = next;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    return { joined, keyword, keywordStart, keywordEnd, flags, start, end };
  }

  #heredocs(layout: Layout, lineEnd: number): { heredocs: readonly Heredoc[]; end: number } {
    const { joined, keyword, start } = layout;
    const takes = keyword === "RUN" || keyword === "COPY" || keyword === "ADD" || keyword === "ONBUILD";
    if (!takes || !joined.text.includes("<<", start) || isJson(joined.text, start))
      return { heredocs: [], end: lineEnd };
    const heredocs: Heredoc[] = [];
    let end = lineEnd;
    for (const opened of findHeredocs(joined.text, start)) {
      const operator = joined.range(opened.start, opened.end);
      this.#terminators ??= new TerminatorSearch(this.#text);
      const found = this.#terminators.find(opened.name, opened.stripTabs, this.#at);
      if (!found) {
        this.#problems.push({
          message: `the heredoc ${opened.name} is not ended by a line ${opened.name}`,
          range: operator,
        });
        continue;
      }
      const { name, stripTabs, expand } = opened;
      heredocs.push({
        name,
        stripTabs,
        expand,
        operator,
        body: { start: this.#at, end: found.bodyEnd },
        terminator: { start: found.terminatorEnd - name.length, end: found.terminatorEnd },
      });
      end = found.terminatorEnd;
      this.#at = found.next;
    }
    return { heredocs, end };
  }

  #trigger(node: InstructionNode, joined: JoinedText, layout: Layout, place: Place): void {
    if (layout.start >= layout.end) return;
    const inner = this.#layout(joined, layout.start);
    const lineRange = { start: joined.at(layout.start), end: place.lineRange.end };
    const child = new InstructionNode(this.#file, inner, { ...place, lineRange });
    child.onbuild = node as unknown as OnbuildInstruction;
    node.trigger = child as unknown as Instruction;
  }

  #from(from: Extract<Instruction, { keyword: "FROM" }>): void {
    const index = this.#stages.length;
    const base = this.#base(from);
    const name = from.as;
    this.#stages.push({ index, name, base, from, instructions: [from] });
    const inherited = base.kind === "stage" ? base.index : -1;
    this.#shells[index] = this.#shells[inherited];
    const windows = base.kind === "image" && windowsBase.test(base.reference ?? from.image.raw);
    this.#windows[index] = base.kind === "stage" ? (this.#windows[inherited] ?? false) : windows;
    if (name) this.#stageNames.set(name.raw.toLowerCase(), index);
  }

  #base(from: Extract<Instruction, { keyword: "FROM" }>): StageBase {
    const reference = from.image.value;
    if (reference === undefined || reference === "") return { kind: "image", reference: undefined };
    const stage = this.#stageNames.get(reference.toLowerCase());
    if (stage !== undefined) return { kind: "stage", index: stage };
    return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
  }

  /** A text without FROM: all of it is one stage on a base nobody knows. */
  #makeFragment(): void {
    const instructions = this.#instructions;
    for (const instruction of instructions) {
      (instruction as { stage: number }).stage = 0;
      const { trigger } = instruction as OnbuildInstruction;
      if (trigger) (trigger as { stage: number }).stage = 0;
    }
    this.#stages.push({ index: 0, base: { kind: "none" }, instructions: [...instructions] });
  }
}

function isJson(text: string, start: number): boolean {
  if (text[start] !== "[") return false;
  try {
    return Array.isArray(JSON.parse(text.slice(start)));
  } catch {
    return false;
  }
}
