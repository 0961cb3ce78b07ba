import { describe, expect, it } from "vitest";
import { makeFilter, mayHold } from "./key-filter.ts";
import { hashKey } from "./layout.ts";

describe("the filter over a store's packages", () => {
  it("never denies a key that is there, and lets through less than two in a hundred that are not", () => {
    for (const count of [0, 1, 10, 1000, 50_000]) {
      const keys = Array.from({ length: count }, (_, i) => hashKey(`npm\tpackage-${i}`));
      const filter = makeFilter(keys);
      expect(keys.every((key) => mayHold(filter, key))).toBe(true);
      const strangers = Array.from({ length: 2000 }, (_, i) => hashKey(`npm\tstranger-${i}`));
      const passed = strangers.filter((key) => mayHold(filter, key)).length;
      if (count >= 1000) expect(passed).toBeLessThan(40);
    }
  });
});
