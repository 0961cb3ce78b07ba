import type { Assignment, Word as ParsedWord, WordPart } from "unbash";
import type { SourceRange } from "../../core/index.ts";
import type { Positions } from "./positions.ts";
import type { Word } from "./tree.ts";

/** What is known of the values of names where a script stands. */
export interface ShellNames {
  /** Null for a name that is said to have no value. */
  readonly lookup: (name: string) => string | null | undefined;
  /** Names the script itself gives a value: what the Dockerfile says of them is then not to be trusted. */
  readonly assigned: ReadonlySet<string>;
}

/** A word of the shell, resolved when somebody asks for its value. */
export class ParsedShellWord implements Word {
  readonly raw: string;
  readonly #node: ParsedWord | Assignment;
  readonly #positions: Positions;
  readonly #names: ShellNames;
  #range: SourceRange | undefined;
  #value: string | undefined;
  #resolved = false;

  constructor(node: ParsedWord | Assignment, positions: Positions, names: ShellNames) {
    this.raw = node.text;
    this.#node = node;
    this.#positions = positions;
    this.#names = names;
  }

  get range(): SourceRange {
    this.#range ??= this.#positions.range(this.#node.pos, this.#node.end);
    return this.#range;
  }

  get value(): string | undefined {
    if (!this.#resolved) {
      this.#resolved = true;
      this.#value = this.#resolve();
    }
    return this.#value;
  }

  #resolve(): string | undefined {
    const node = this.#node;
    if (node.type === "Assignment") {
      if (node.value.type !== "Word") return undefined;
      const value = resolveWord(node.value, this.#names);
      return value === undefined ? undefined : `${node.name}=${value}`;
    }
    return resolveWord(node, this.#names);
  }
}

function resolveWord(word: ParsedWord, names: ShellNames): string | undefined {
  if (!word.text.includes("$") && !word.text.includes("`")) return word.value;
  return word.parts ? resolveParts(word.parts, names) : word.value;
}

function resolveParts(parts: readonly WordPart[], names: ShellNames): string | undefined {
  let value = "";
  for (const part of parts) {
    const resolved = resolvePart(part, names);
    if (resolved === undefined) return undefined;
    value += resolved;
  }
  return value;
}

function resolvePart(part: WordPart, names: ShellNames): string | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
    case "Glob":
      return part.value;
    case "DoubleQuoted":
      return resolveParts(part.parts, names);
    case "SimpleExpansion":
      return resolveName(part.text.slice(1), names);
    case "ParameterExpansion": {
      if (part.prefix || part.index) return undefined;
      const value = resolveName(part.parameter, names);
      if (!part.operation) return value;
      return part.operation.type === "Default" && part.operation.operator.endsWith("-") && value !== ""
        ? value
        : undefined;
    }
    case "BraceExpansion":
    case "ExtendedGlob":
      return part.text.includes("$") ? undefined : part.text;
    default:
      return undefined;
  }
}

function resolveName(name: string, names: ShellNames): string | undefined {
  return names.assigned.has(name) ? undefined : (names.lookup(name) ?? undefined);
}
