import type { SourceRange } from "../../src/core/index.ts";

/** Takes `«…»` out of an example and gives the ranges they marked; marks may nest. */
export function readMarks(marked: string): { text: string; ranges: SourceRange[] } {
  let text = "";
  const open: number[] = [];
  const ranges: SourceRange[] = [];
  for (const character of marked) {
    if (character === "«") open.push(text.length);
    else if (character === "»") ranges.push({ start: open.pop() ?? 0, end: text.length });
    else text += character;
  }
  return { text, ranges: ranges.sort((a, b) => a.start - b.start || a.end - b.end) };
}
