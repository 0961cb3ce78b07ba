import type { Edit } from "./text.ts";

function byPosition(a: Edit, b: Edit): number {
  return a.range.start - b.range.start || a.range.end - b.range.end;
}

/**
 * Applies edits of one text and returns the new text.
 * Edits are applied from the end, so ranges are those of the old text. Insertions at one place keep the order given.
 * @throws RangeError when two edits overlap or a range is outside the text: that is the caller's mistake, never the user's.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort(byPosition);
  const parts: string[] = [];
  let at = 0;
  for (const { range, text: replacement } of sorted) {
    if (range.start < at || range.end < range.start || range.end > text.length) {
      throw new RangeError(`edit [${range.start}, ${range.end}) overlaps another or leaves the text`);
    }
    parts.push(text.slice(at, range.start), replacement);
    at = range.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
