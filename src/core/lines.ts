/** A place as people and editors say it: both from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets of one text into lines and columns, and back to whole lines. Lines end at `\n`; a `\r` before it belongs to the line end. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** How many lines the text has; a text that ends in a newline has an empty last line. */
  get count(): number {
    return this.#starts.length;
  }

  /** The position of an offset; offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - (this.#starts[low] ?? 0) + 1 };
  }

  /** The offset at which a line (from 1) begins. */
  start(line: number): number {
    return this.#starts[Math.max(0, Math.min(line, this.#starts.length) - 1)] ?? 0;
  }

  /** The text of a line (from 1), without its line end. */
  line(line: number): string {
    const start = this.start(line);
    const next = line < this.#starts.length ? this.start(line + 1) : this.#text.length + 1;
    const end = next - 1;
    return this.#text.slice(start, end > start && this.#text[end - 1] === "\r" ? end - 1 : end);
  }
}
