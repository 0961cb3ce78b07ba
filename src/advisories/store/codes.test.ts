import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { severities } from "../../core/index.ts";
import type { RangeEvent, StatedSeverity } from "../advisory.ts";
import { type PackageAdvisory, readAdvisory, writeAdvisory } from "./advisory-code.ts";
import { createByteReader, createByteWriter } from "./bytes.ts";
import { readId, writeId } from "./id-code.ts";

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
  it("every id, the usual ones in at most fourteen bytes", () => {
    fc.assert(
      fc.property(id, (value) => {
        const writer = createByteWriter();
        writeId(writer, value);
        expect(readId(createByteReader(writer.take()))).toBe(value);
      }),
      { numRuns: 3000 },
    );
    for (const usual of ["CVE-2021-44228", "ALPINE-CVE-2024-0056", "GHSA-35jh-r3h4-6jhm", "PYSEC-2023-1"]) {
      const writer = createByteWriter();
      writeId(writer, usual);
      expect(writer.take().length).toBeLessThanOrEqual(14);
    }
  });

  it("every advisory", () => {
    fc.assert(
      fc.property(head, list(affected), (facts, entries) => {
        const writer = createByteWriter();
        writeAdvisory(writer, { head: facts, affected: entries });
        const reader = createByteReader(writer.take());
        const expected = entries.map((one) => ({ ecosystem: "npm", name: "a", ...one }));
        expect(readAdvisory(reader, "npm", "a")).toEqual({ ...facts, affected: expected });
        expect(reader.rest).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("and cut or changed bytes end in store.damaged or another advisory, never in anything else", () => {
    fc.assert(
      fc.property(head, list(affected), fc.nat(), fc.nat(255), (facts, entries, place, byte) => {
        const writer = createByteWriter();
        writeAdvisory(writer, { head: facts, affected: entries });
        const bytes = Buffer.from(writer.take());
        bytes[place % bytes.length] = byte;
        for (const part of [bytes, bytes.subarray(0, place % bytes.length)]) {
          try {
            readAdvisory(createByteReader(part), "npm", "a");
          } catch (error) {
            expect(error).toMatchObject({ code: "store.damaged" });
          }
        }
      }),
      { numRuns: 3000 },
    );
  });
});
