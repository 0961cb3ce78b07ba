import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../src/index.ts";

const disjoint = fc
  .tuple(
    fc.string({ maxLength: 200 }),
    fc.array(fc.tuple(fc.nat(200), fc.nat(10), fc.string({ maxLength: 8 })), { maxLength: 12 }),
  )
  .map(([text, raw]) => {
    const edits: { path: string; range: { start: number; end: number }; text: string }[] = [];
    let at = 0;
    for (const [start, length, inserted] of raw.sort((a, b) => a[0] - b[0])) {
      const from = Math.max(start, at);
      if (from + length > text.length) break;
      edits.push({ path: "x", range: { start: from, end: from + length }, text: inserted });
      at = from + length + 1;
    }
    return { text, edits };
  });

describe("edits that do not touch", () => {
  it("commute: any order gives the same text", () => {
    fc.assert(
      fc.property(disjoint, fc.nat(), ({ text, edits }, turn) => {
        const rotated = [
          ...edits.slice(turn % (edits.length || 1)),
          ...edits.slice(0, turn % (edits.length || 1)),
        ].reverse();
        expect(applyEdits(text, rotated)).toBe(applyEdits(text, edits));
      }),
    );
  });
  it("can be made one after the other from the end", () => {
    fc.assert(
      fc.property(disjoint, ({ text, edits }) => {
        const single = [...edits].reverse().reduce((current, edit) => applyEdits(current, [edit]), text);
        expect(single).toBe(applyEdits(text, edits));
      }),
    );
  });
  it("that overlap are refused, never half made", () => {
    expect(() =>
      applyEdits("abc", [
        { path: "x", range: { start: 0, end: 2 }, text: "" },
        { path: "x", range: { start: 1, end: 3 }, text: "" },
      ]),
    ).toThrow(RangeError);
  });
});
