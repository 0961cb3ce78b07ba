import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BaseOption } from "../remedy/index.ts";
import { isMaintained, rankBases, recommendBase } from "./rank-bases.ts";

const today = "2026-11-24";
const counts = fc.record({
  critical: fc.nat(3),
  high: fc.nat(3),
  medium: fc.nat(3),
  low: fc.nat(3),
  info: fc.nat(3),
  unknown: fc.nat(3),
});
const measured = fc.record({
  digest: fc.constant("sha256:0"),
  platform: fc.constant("linux/amd64"),
  from: fc.constant("registry" as const),
  bytes: fc.nat(9),
  storedBytes: fc.nat(9),
  packages: fc.nat(9),
  advisories: counts,
  fixable: fc.nat(9),
});
const option: fc.Arbitrary<BaseOption> = fc.record(
  {
    kind: fc.constantFrom("slim", "alpine", "line"),
    reference: fc.string({ minLength: 1, maxLength: 3 }),
    changes: fc.constantFrom<readonly string[]>([], ["libc: glibc → musl"]),
    dropIn: fc.boolean(),
    rebuilt: fc.boolean(),
    supportEnd: fc.constantFrom("2020-01-01", "2030-01-01"),
    measured,
  },
  { requiredKeys: ["kind", "reference", "changes", "dropIn"] },
);
const options = fc
  .tuple(option, fc.uniqueArray(option, { selector: ({ reference }) => reference, maxLength: 6 }))
  .map(([current, others]): readonly BaseOption[] => [{ ...current, kind: "current", reference: "" }, ...others]);

describe("bases are ranked", () => {
  it("the same in whatever order they come, those that were measured before the others", () => {
    fc.assert(
      fc.property(options, (all) => {
        const ranked = rankBases(all, today).filter((one) => one.measured);
        expect(rankBases(all.toReversed(), today).filter((one) => one.measured)).toEqual(ranked);
        expect(rankBases(all, today).slice(0, ranked.length)).toEqual(ranked);
      }),
    );
  });

  it("by what is still supported, and then never one with more critical vulnerabilities before one with fewer", () => {
    fc.assert(
      fc.property(options, (all) => {
        const ranked = rankBases(all, today).filter((one) => one.measured);
        for (const [index, one] of ranked.entries())
          for (const later of ranked.slice(index + 1)) {
            expect(Number(isMaintained(one, today))).toBeGreaterThanOrEqual(Number(isMaintained(later, today)));
            if (isMaintained(one, today) === isMaintained(later, today))
              expect(one.measured?.advisories.critical).toBeLessThanOrEqual(later.measured?.advisories.critical ?? 0);
          }
      }),
    );
  });

  it("and one is recommended only when it was measured, asks nothing of the program and comes before the base as it is", () => {
    fc.assert(
      fc.property(options, (all) => {
        const ranked = rankBases(all, today);
        const best = recommendBase(ranked, today);
        if (!best) return;
        expect(best).toMatchObject({ dropIn: true, measured: expect.anything() });
        const current = ranked.findIndex(({ kind }) => kind === "current");
        expect(ranked.indexOf(best)).toBeLessThan(current);
      }),
    );
  });
});
