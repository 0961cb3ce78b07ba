import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { endOfLifeOf, isPastEnd, knownReleases } from "./end-of-life.ts";
import { osFamilies } from "./os-families.ts";

/** Debian's package distro-info-data. */
const data = "/usr/share/distro-info";
const there = existsSync(`${data}/debian.csv`);
if (!there) process.stderr.write("skipped: distro-info-data is not here\n");

function rows(name: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(`${data}/${name}.csv`, "utf8").trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [names[i] ?? "", value])));
}

describe("ends of life", () => {
  it("are days, of families that detection knows, each release once", () => {
    for (const { family } of osFamilies) {
      const known = knownReleases(family);
      expect(new Set(known.map(({ release }) => release)).size).toBe(known.length);
      for (const { until, extended, asOf } of known) {
        for (const day of [until, extended?.until ?? until, asOf]) {
          expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
          expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
        }
        expect((extended?.until ?? until) >= until).toBe(true);
      }
    }
  });

  it("tell free and paid extended support apart", () => {
    const buster = endOfLifeOf("debian", "10");
    const bionic = endOfLifeOf("ubuntu", "18.04");
    if (!buster || !bionic) throw new Error("missing");
    expect([isPastEnd(buster, "2023-01-01"), isPastEnd(buster, "2024-07-01")]).toEqual([false, true]);
    expect([isPastEnd(bionic, "2023-05-31"), isPastEnd(bionic, "2023-06-01")]).toEqual([false, true]);
    expect([isPastEnd(bionic, "2024-01-01", true), isPastEnd(bionic, "2028-04-27", true)]).toEqual([false, true]);
  });

  it("say nothing of what they do not know", () => {
    expect(endOfLifeOf("debian", "99")).toBeUndefined();
    expect(endOfLifeOf("constructor", "1")).toBeUndefined();
    expect(knownReleases("wolfi")).toEqual([]);
  });

  it.skipIf(!there)("are those of Debian's distro-info-data", () => {
    for (const [family, column] of [
      ["debian", "eol-lts"],
      ["ubuntu", "eol-esm"],
    ] as const)
      for (const row of rows(family)) {
        const release = (row["version"] ?? "").replace(/ LTS$/, "").replace(/^([4-9])\.0$/, "$1");
        const known = endOfLifeOf(family, release);
        // Dates that Debian has moved since, and releases that came since, are newer than the table.
        if (!known) continue;
        expect([release, known.codename]).toEqual([release, row["series"]]);
        if (known.until <= known.asOf)
          expect([release, known.until]).toEqual([release, [row["eol"] ?? "", row["eol-server"] ?? ""].sort().at(-1)]);
        if (known.extended && known.extended.until <= known.asOf)
          expect([release, known.extended.until]).toEqual([release, row[column]]);
      }
  });
});
