import type { Directive, SyntaxProblem } from "./tree.ts";
import { HASH, isSpace } from "./characters.ts";

const known = new Set(["syntax", "escape", "check"]);
const shape = /^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/;

/** Reads one line as `# name=value`; undefined when it has not that form. `text` is the line from its `#`, without line ending. */
export function readDirective(text: string): { name: string; value: string; known: boolean } | undefined {
  if (text.charCodeAt(0) !== HASH) return undefined;
  let at = 1;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  const match = shape.exec(text.slice(at));
  if (!match?.[1] || !match[2]) return undefined;
  const name = match[1].toLowerCase();
  return { name, value: match[2].trimEnd(), known: known.has(name) };
}

/**
 * The state of the directive zone: the unbroken run of known directives at the very top, each once
 * (Dockerfile reference, "Parser directives"). A comment, a blank line or an instruction ends it for good.
 */
export class DirectiveZone {
  readonly directives: Directive[] = [];
  escape: "\\" | "`" = "\\";
  #open = true;
  readonly #problems: SyntaxProblem[];

  constructor(problems: SyntaxProblem[]) {
    this.#problems = problems;
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
  }

  /** Takes the comment line [start, end); true when it is a directive in force. */
  take(text: string, start: number): boolean {
    if (!this.#open) return false;
    const found = readDirective(text);
    if (!found?.known) {
      this.#open = false;
      return false;
    }
    const range = { start, end: start + text.trimEnd().length };
    if (this.directives.some((directive) => directive.name === found.name)) {
      this.#problems.push({ message: `only one ${found.name} directive can be used`, range });
      return true;
    }
    if (found.name === "escape") {
      if (found.value === "\\" || found.value === "`") this.escape = found.value;
      else this.#problems.push({ message: `the escape character can be \\ or \`, not ${found.value}`, range });
    }
    this.directives.push({ name: found.name, value: found.value, range });
    return true;
  }
}
