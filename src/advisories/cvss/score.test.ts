import { describe, expect, it } from "vitest";
import { cvssScores, scoreOfVector, severityOfScore } from "./score.ts";
import { parseVector } from "./vector.ts";

describe("vectors", () => {
  it("are read with a slash at the end, in any order, and CVSS 2 in parentheses", () => {
    for (const text of [
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
      "CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N",
      " CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ",
    ])
      expect(scoreOfVector(text)).toBe(9.8);
    for (const text of [
      "AV:N/AC:L/Au:N/C:C/I:C/A:C",
      "(AV:N/AC:L/Au:N/C:C/I:C/A:C)",
      "CVSS:2.0/AV:N/AC:L/Au:N/C:C/I:C/A:C",
    ])
      expect(scoreOfVector(text)).toBe(10);
  });

  it("are refused when unknown, incomplete, doubled or endless", () => {
    for (const text of [
      "",
      "/",
      "CVSS:3.1/",
      "CVSS:5.0/AV:N",
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H",
      "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      "CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      "CVSS:3.1/AV:N L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H//",
      "AV:N/AC:L/Au:N/C:C/I:C/A:C/constructor:x",
      "AV:/".repeat(50_000),
    ])
      expect(parseVector(text)).toBeUndefined();
  });
});

describe("scores", () => {
  it("are what the vector says of time and environment too", () => {
    const base = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    expect(scoreOfVector(`${base}/E:U`)).toBe(9);
    expect(scoreOfVector(`${base}/E:U/MAV:P`)).toBe(6.2);
    expect(scoreOfVector(`${base}/E:X/RL:X`)).toBe(9.8);
  });

  it("never fall when a metric grows worse", () => {
    const worse = { C: "NLH", I: "NLH", A: "NLH", PR: "HLN", AC: "HL", AV: "PLAN" } as const;
    for (const [metric, values] of Object.entries(worse)) {
      let before = -1;
      for (const value of values) {
        const all = { AV: "L", AC: "L", PR: "L", UI: "R", S: "C", C: "L", I: "L", A: "L", [metric]: value };
        const vector = parseVector(
          `CVSS:3.1/${Object.entries(all)
            .map(([name, one]) => `${name}:${one}`)
            .join("/")}`,
        );
        const score = vector ? cvssScores(vector).base : Number.NaN;
        expect(score).toBeGreaterThanOrEqual(before);
        before = score;
      }
    }
  });

  it("have the severities of the specification", () => {
    expect([0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(severityOfScore)).toEqual([
      "info",
      "low",
      "low",
      "medium",
      "medium",
      "high",
      "high",
      "critical",
      "critical",
    ]);
  });
});
