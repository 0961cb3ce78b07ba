import type { SourceRange } from "../core/index.ts";

/**
 * Lines joined as Docker joins continued ones, with the way back: piece i of `text` begins at `joined[i]` and stands at
 * `source[i]` in the Dockerfile. Words and shell commands are found in `text`; their ranges are mapped back.
 */
export class JoinedText {
  readonly text: string;
  readonly #joined: readonly number[];
  readonly #source: readonly number[];

  constructor(text: string, joined: readonly number[], source: readonly number[]) {
    this.text = text;
    this.#joined = joined;
    this.#source = source;
  }

  /** Whether nothing was dropped inside. */
  get whole(): boolean {
    return this.#joined.length <= 1;
  }

  /** Where the character at `offset` of `text` stands in the Dockerfile. */
  at(offset: number): number {
    const joined = this.#joined;
    let low = 0;
    let high = joined.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((joined[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return (this.#source[low] ?? 0) + offset - (joined[low] ?? 0);
  }

  /** The span of [start, end) of `text` in the Dockerfile, from its first to behind its last character. */
  range(start: number, end: number): SourceRange {
    const from = this.at(start);
    return { start: from, end: end > start ? this.at(end - 1) + 1 : from };
  }
}
