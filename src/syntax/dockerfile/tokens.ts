import type { SourceRange } from "../../core/index.ts";
import type { Dockerfile, Instruction } from "./tree.ts";

export type TokenKind = "bom" | "directive" | "comment" | "keyword" | "flag" | "arguments" | "heredoc" | "space";

export interface Token {
  readonly kind: TokenKind;
  readonly range: SourceRange;
}

/**
 * The whole text as tokens in order, without gap or overlap: what the tree names, and "space" (blank, line endings,
 * continuation characters) between. Comments inside a continued instruction are tokens of their own between its pieces.
 */
export function* tokens(dockerfile: Dockerfile): Generator<Token> {
  const { text } = dockerfile.source;
  let at = 0;
  for (const token of named(dockerfile)) {
    if (token.range.start < at || token.range.end <= token.range.start) continue;
    if (token.range.start > at) yield { kind: "space", range: { start: at, end: token.range.start } };
    yield token;
    at = token.range.end;
  }
  if (at < text.length) yield { kind: "space", range: { start: at, end: text.length } };
}

function named(dockerfile: Dockerfile): Token[] {
  const found: Token[] = [];
  if (dockerfile.source.text.charCodeAt(0) === 0xfeff) found.push({ kind: "bom", range: { start: 0, end: 1 } });
  for (const { range } of dockerfile.directives) found.push({ kind: "directive", range });
  for (const { range } of dockerfile.comments) found.push({ kind: "comment", range });
  const comments = dockerfile.comments;
  for (const instruction of dockerfile.instructions) found.push(...ofInstruction(instruction, comments));
  return found.sort((a, b) => a.range.start - b.range.start);
}

function ofInstruction(instruction: Instruction, comments: Dockerfile["comments"]): Token[] {
  const found: Token[] = [{ kind: "keyword", range: instruction.keywordRange }];
  for (const { range } of instruction.flags) found.push({ kind: "flag", range });
  let { start } = instruction.argumentsRange;
  const { end } = instruction.argumentsRange;
  for (const { range } of comments) {
    if (range.end <= start || range.start >= end) continue;
    if (range.start > start) found.push({ kind: "arguments", range: { start, end: range.start } });
    start = range.end;
  }
  if (start < end) found.push({ kind: "arguments", range: { start, end } });
  for (const { body, terminator } of instruction.heredocs)
    found.push({ kind: "heredoc", range: { start: body.start, end: terminator?.end ?? body.end } });
  return found;
}
