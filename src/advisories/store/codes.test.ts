import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { severities } from "../../core/index.ts";
import type { RangeEvent, StatedSeverity } from "../advisory.ts";
import { type PackageAdvisory, readAdvisory, writeAdvisory } from "./advisory-code.ts";
import { factsParts, readFacts } from "./facts-code.ts";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const letters = fc.stringMatching(/^(?:[2-9cfghjmpqrvwx]{4}-){2}[2-9cfghjmpqrvwx]{4}$/);
const id = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("CVE", "ALPINE-CVE", "DEBIAN-CVE", "PYSEC", "GO", "MAL", "ODD"),
      fc.integer({ min: 0, max: 9999 }),
      fc.stringMatching(/^\d{1,11}$/),
    )
    .map(([prefix, year, number]) => `${prefix}-${String(year).padStart(4, "0")}-${number}`),
  letters.map((rest) => `GHSA-${rest}`),
  letters.map((rest) => `CGA-${rest}`),
  text,
);
const date = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const severity: fc.Arbitrary<StatedSeverity> = fc.record(
  {
    source: fc.oneof(fc.constantFrom("nvd", "ghsa", "debian"), text),
    severity: fc.constantFrom(...severities),
    vector: text,
    score: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
  },
  { requiredKeys: ["source"] },
);
const event: fc.Arbitrary<RangeEvent> = fc.oneof(
  fc.constant({ introduced: "0" }),
  text.map((introduced) => ({ introduced })),
  text.map((fixed) => ({ fixed })),
  text.map((lastAffected) => ({ lastAffected })),
  text.map((limit) => ({ limit })),
);
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 5 });
const affected = fc.record(
  {
    ranges: list(fc.record({ events: list(event) })),
    versions: list(text).map((versions) => versions.sort()),
    state: fc.constantFrom("affected", "will-not-fix", "end-of-life", "not-affected" as const),
    severities: fc.array(severity, { minLength: 1, maxLength: 3 }),
    goos: fc.array(text, { minLength: 1, maxLength: 3 }),
    arches: fc.array(text, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["ranges", "versions"] },
) as fc.Arbitrary<PackageAdvisory["affected"][number]>;
const head = fc.record(
  {
    id,
    aliases: list(id),
    upstream: list(id),
    severities: list(severity),
    summary: text,
    url: text,
    published: date,
    modified: date,
    withdrawn: date,
  },
  { requiredKeys: ["id", "aliases", "upstream", "severities"] },
) as fc.Arbitrary<PackageAdvisory["head"]>;

describe("what is written into a store is read back", () => {
  it("every advisory", () => {
    fc.assert(
      fc.property(head, list(affected), (facts, entries) => {
        const written = writeAdvisory({ head: facts, affected: entries });
        const expected = { ...facts, affected: entries.map((one) => ({ ecosystem: "npm", name: "a", ...one })) };
        const advisory = readAdvisory(JSON.parse(written), "npm", "a");
        expect(advisory.toJSON()).toEqual(expected);
        const { id, aliases, upstream, severities, summary, url, published, modified, withdrawn } = advisory;
        expect({ id, aliases, upstream, severities, summary, url, published, modified, withdrawn }).toEqual(facts);
        expect(advisory.affected.map(({ versions }) => versions)).toEqual(entries.map(({ versions }) => versions));
      }),
      { numRuns: 2000 },
    );
  });

  it("and any other JSON ends in store.damaged or another advisory, never in anything else", () => {
    fc.assert(
      fc.property(head, list(affected), fc.nat(), fc.jsonValue(), (facts, entries, place, other) => {
        const written: unknown = JSON.parse(writeAdvisory({ head: facts, affected: entries }));
        for (const value of [other, replaced(written, { left: place % 40 }, other)]) {
          try {
            JSON.stringify(readAdvisory(value, "npm", "a"));
          } catch (error) {
            expect(error).toMatchObject({ code: "store.damaged" });
          }
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("and so do the facts about an id", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(10), (other, left) => {
        const facts = {
          severities: [{ source: "nvd", score: 9.8 }],
          exploited: { since: "2024-01-02", byRansomware: true },
          epss: { probability: 0.5, percentile: 0.25 },
        };
        const written: unknown = JSON.parse(JSON.stringify(factsParts(facts)));
        expect(readFacts(written)).toEqual(facts);
        try {
          readFacts(replaced(written, { left }, other));
        } catch (error) {
          expect(error).toMatchObject({ code: "store.damaged" });
        }
      }),
    );
  });
});

/** JSON with another value in one of its places, counted from the front. */
function replaced(value: unknown, count: { left: number }, other: unknown): unknown {
  if (count.left-- === 0) return other;
  return Array.isArray(value) ? value.map((item) => replaced(item, count, other)) : value;
}
