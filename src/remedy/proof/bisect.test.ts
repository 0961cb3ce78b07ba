import { array, assert, asyncProperty, integer, tuple, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { bisect, type Verdict } from "./bisect.ts";

const items = Array.from({ length: 16 }, (_, index) => index);

describe("bisect", () => {
  it("rejects exactly what is poisoned, whatever and however many it is, and keeps the rest", async () => {
    await assert(
      asyncProperty(uniqueArray(integer({ min: 0, max: 15 })), async (poison) => {
        const found = await bisect(items, holdsWithout(poison), 200);
        expect(found.rejected.map(({ item }) => item)).toEqual(poison.toSorted((a, b) => a - b));
        expect(found.kept).toEqual(items.filter((item) => !poison.includes(item)));
      }),
    );
  });

  it("leaves what is to blame by itself without another trial, each with its own reason", async () => {
    await assert(
      asyncProperty(uniqueArray(integer({ min: 0, max: 15 })), async (poison) => {
        const holds = (kept: readonly number[]): Promise<Verdict<number>> => {
          const blame = new Map(
            kept.filter((item) => poison.includes(item)).map((item) => [item, `because of ${item}`]),
          );
          return Promise.resolve(blame.size > 0 ? { holds: false, reason: "some", blame } : { holds: true });
        };
        const found = await bisect(items, holds, 200);
        expect(found.rejected).toEqual(
          poison.toSorted((a, b) => a - b).map((item) => ({ item, reason: `because of ${item}` })),
        );
        expect(found.kept).toEqual(items.filter((item) => !poison.includes(item)));
        expect(found.trials).toBeLessThanOrEqual(2);
      }),
    );
  });

  it("does not reject one for the harm of another that had changed nothing until then", async () => {
    // 2 changes something only beside 5, and then does harm; 7 never does; 9 is poison.
    const found = await bisect(
      items,
      (kept) => {
        if (kept.includes(9)) return Promise.resolve({ holds: false, reason: "poison", suspects: [5, 9] });
        if (kept.includes(5) && kept.includes(2)) return Promise.resolve({ holds: false, reason: "harm" });
        return Promise.resolve({ holds: true, idle: kept.filter((item) => item === 7 || item === 2) });
      },
      200,
    );
    expect(found.rejected).toEqual([
      { item: 2, reason: "harm" },
      { item: 9, reason: "poison" },
    ]);
    expect(found.kept).toEqual(items.filter((item) => ![2, 9].includes(item)));
  });

  it("finds one in sixteen in no more than nine trials", async () => {
    for (const poison of items)
      expect((await bisect(items, holdsWithout([poison]), 200)).trials).toBeLessThanOrEqual(9);
  });

  it("tries what is not accused first, and so finds two of sixteen in few trials that hold", async () => {
    for (const poison of [3, 7, 12]) {
      const held: (readonly number[])[] = [];
      const found = await bisect(
        items,
        (kept) => {
          // What a poison needs to do harm is accused with it.
          if (kept.includes(poison) && kept.includes(2))
            return Promise.resolve({ holds: false, reason: "poison", suspects: [2, poison] });
          held.push(kept);
          return Promise.resolve({ holds: true });
        },
        200,
      );
      expect(found.rejected.map(({ item }) => item)).toEqual([poison]);
      expect(held).toHaveLength(2);
      expect(found.trials).toBeLessThanOrEqual(4);
    }
  });

  it("rejects what is poisoned also where the wrong ones are accused, or all", async () => {
    await assert(
      asyncProperty(
        uniqueArray(integer({ min: 0, max: 15 })),
        uniqueArray(integer({ min: 0, max: 15 })),
        async (poison, suspects) => {
          const holds = async (kept: readonly number[]): Promise<Verdict<number>> => {
            const verdict = await holdsWithout(poison)(kept);
            return verdict.holds ? verdict : { ...verdict, suspects };
          };
          const found = await bisect(items, holds, 500);
          expect(found.rejected.map(({ item }) => item)).toEqual(poison.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it("keeps nothing that was not seen to hold, also where changes need or exclude each other", async () => {
    const pairs = array(tuple(integer({ min: 0, max: 9 }), integer({ min: 0, max: 9 })), { maxLength: 6 });
    await assert(
      asyncProperty(pairs, pairs, integer({ min: 1, max: 60 }), async (needs, excludes, most) => {
        const holds = (kept: readonly number[]): Promise<Verdict> => {
          const bad =
            needs.some(([a, b]) => kept.includes(a) && !kept.includes(b)) ||
            excludes.some(([a, b]) => a !== b && kept.includes(a) && kept.includes(b));
          return Promise.resolve(bad ? { holds: false, reason: "a pair" } : { holds: true });
        };
        const found = await bisect(items.slice(0, 10), holds, most);
        expect(found.trials).toBeLessThanOrEqual(most);
        expect((await holds(found.kept)).holds).toBe(true);
        expect(found.kept.length + found.rejected.length).toBe(10);
        expect(found.rejected.every(({ reason }) => reason !== "")).toBe(true);
      }),
    );
  });

  it("tries again what needed something that came after it", async () => {
    const holds = (kept: readonly number[]): Promise<Verdict> =>
      Promise.resolve(
        kept.includes(3) || (kept.includes(0) && !kept.includes(2)) ? { holds: false, reason: "no" } : { holds: true },
      );
    expect((await bisect([0, 1, 2, 3], holds, 50)).kept).toEqual([0, 1, 2]);
  });
});

function holdsWithout(poison: readonly number[]): (kept: readonly number[]) => Promise<Verdict> {
  return (kept) =>
    Promise.resolve(
      kept.some((item) => poison.includes(item)) ? { holds: false, reason: "poisoned" } : { holds: true },
    );
}
