import type { Edit } from "../core/index.ts";

/** Edits of several texts that do not touch each other. */
export interface EditSet {
  readonly edits: readonly Edit[];
  /** Whether all of `edits` can be made beside those of the set: none overlaps, meets or inserts at the same place as one of them. */
  fits(edits: readonly Edit[]): boolean;
  add(edits: readonly Edit[]): void;
}

/** An empty set. Asking and adding take logarithmic time, moving memory aside: a text may have thousands of edits. */
export function createEditSet(): EditSet {
  const all: Edit[] = [];
  const sorted = new Map<string, Edit[]>();
  return {
    edits: all,
    fits: (edits) =>
      edits.every((edit) => {
        const others = sorted.get(edit.path) ?? [];
        const at = placeOf(others, edit.range.start);
        return ![others[at - 1], others[at]].some((other) => other && touches(edit, other));
      }),
    add: (edits) => {
      for (const edit of edits) {
        const others = sorted.get(edit.path) ?? [];
        sorted.set(edit.path, others);
        others.splice(placeOf(others, edit.range.start), 0, edit);
        all.push(edit);
      }
    },
  };
}

/** As `fix` has it: two insertions get in each other's way at the same place alone. */
function touches(a: Edit, b: Edit): boolean {
  if (a.range.start === a.range.end && b.range.start === b.range.end) return a.range.start === b.range.start;
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}

/** How many begin before an offset. */
function placeOf(sorted: readonly Edit[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.range.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
