import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { cvssScores } from "../../src/advisories/cvss/score.ts";
import { parseVector } from "../../src/advisories/cvss/vector.ts";
import { one, type Pick, seeded } from "./schemes/generate.ts";

type Metrics = Readonly<Record<string, string>>;

const spaces: Readonly<Record<string, { prefix: string; base: Metrics; more: Metrics }>> = {
  "2.0": {
    prefix: "",
    base: { AV: "L A N", AC: "H M L", Au: "M S N", C: "N P C", I: "N P C", A: "N P C" },
    more: {
      E: "U POC F H ND",
      RL: "OF TF W U ND",
      RC: "UC UR C ND",
      CDP: "N L LM MH H ND",
      TD: "N L M H ND",
      CR: "L M H ND",
      IR: "L M H ND",
      AR: "L M H ND",
    },
  },
  "3.0": {
    prefix: "CVSS:3.0/",
    base: { AV: "N A L P", AC: "L H", PR: "N L H", UI: "N R", S: "U C", C: "H L N", I: "H L N", A: "H L N" },
    more: {
      E: "X U P F H",
      RL: "X O T W U",
      RC: "X U R C",
      CR: "X L M H",
      IR: "X L M H",
      AR: "X L M H",
      MAV: "X N A L P",
      MAC: "X L H",
      MPR: "X N L H",
      MUI: "X N R",
      MS: "X U C",
      MC: "X N L H",
      MI: "X N L H",
      MA: "X N L H",
    },
  },
  "4.0": {
    prefix: "CVSS:4.0/",
    base: {
      AV: "N A L P",
      AC: "L H",
      AT: "N P",
      PR: "N L H",
      UI: "N P A",
      VC: "H L N",
      VI: "H L N",
      VA: "H L N",
      SC: "H L N",
      SI: "H L N",
      SA: "H L N",
    },
    more: {
      E: "X A P U",
      CR: "X H M L",
      IR: "X H M L",
      AR: "X H M L",
      MAV: "X N A L P",
      MAC: "X L H",
      MAT: "X N P",
      MPR: "X N L H",
      MUI: "X N P A",
      MVC: "X H L N",
      MVI: "X H L N",
      MVA: "X H L N",
      MSC: "X H L N",
      MSI: "X S H L N",
      MSA: "X S H L N",
      S: "X N P",
      AU: "X N Y",
      R: "X A U I",
      V: "X D C",
      RE: "X L M H",
      U: "X Clear Green Amber Red",
    },
  },
};

function randomVector(pick: Pick, version: string): string {
  const space = spaces[version === "3.1" ? "3.0" : version];
  if (!space) throw new Error(version);
  const share = pick(3);
  const more = Object.entries(space.more).filter(() => share > 0 && pick(3) < share);
  const parts = [...Object.entries(space.base), ...more].map(
    ([name, values]) => `${name}:${one(pick, values.split(" "))}`,
  );
  return `${version === "3.1" ? "CVSS:3.1/" : space.prefix}${parts.join("/")}`;
}

/** null where the package has no score because no metric of the kind was said. */
type Scores = readonly (number | null)[];

const python = `
import json, sys
from cvss import CVSS2, CVSS3, CVSS4
kinds = {"2.0": CVSS2, "3.0": CVSS3, "3.1": CVSS3, "4.0": CVSS4}
version, *vectors = sys.stdin.read().split("\\n")
json.dump([[None if s is None else float(s) for s in kinds[version](v).scores()] for v in vectors], sys.stdout)`;

/** The Python that has Red Hat's "cvss" package: PLIMSOLL_PYTHON, else python3. */
const interpreter = process.env["PLIMSOLL_PYTHON"] ?? "python3";
const there = spawnSync(interpreter, ["-c", "import cvss"], { stdio: "ignore" }).status === 0;
if (!there) process.stderr.write("skipped: Python's cvss package is not here (set PLIMSOLL_PYTHON)\n");

const kept = resolve(import.meta.dirname, "cvss-answers.json");

function expectScores(vectors: readonly string[], theirs: readonly Scores[]): void {
  const wrong = vectors.flatMap((text, i) => {
    const vector = parseVector(text);
    const ours = vector && cvssScores(vector);
    const all = ours ? [ours.base, ours.temporal, ours.environmental] : [];
    const said = theirs[i] ?? [];
    return said.every((score, at) => score === null || score === all[at]) ? [] : [{ text, all, said }];
  });
  expect({ wrong: wrong.length, first: wrong.slice(0, 5) }).toEqual({ wrong: 0, first: [] });
}

describe.skipIf(!there)("Red Hat's cvss package", () => {
  for (const version of ["2.0", "3.0", "3.1", "4.0"]) {
    it(`scores 25,000 random vectors of CVSS ${version} as we do`, { timeout: 120_000 }, () => {
      const pick = seeded(version.charCodeAt(0) * 10 + version.charCodeAt(2));
      const vectors = Array.from({ length: 25_000 }, () => randomVector(pick, version));
      const { stdout, stderr } = spawnSync(interpreter, ["-c", python], {
        input: [version, ...vectors].join("\n"),
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      expect(stderr).toBe("");
      const theirs = JSON.parse(stdout) as Scores[];
      expectScores(vectors, theirs);
      if (process.env["PLIMSOLL_KEEP_ANSWERS"]) {
        const before = JSON.parse(readFileSync(kept, "utf8")) as Record<string, unknown>;
        const some = Object.fromEntries(vectors.slice(0, 200).map((vector, i) => [vector, theirs[i]]));
        writeFileSync(kept, `${JSON.stringify({ ...before, ...some }, undefined, 0).replaceAll("],", "],\n")}\n`);
      }
    });
  }
});

it("the scores that Red Hat's cvss package gave to 800 vectors are ours", () => {
  const answers = Object.entries(JSON.parse(readFileSync(kept, "utf8")) as Record<string, Scores>);
  expect(answers.length).toBeGreaterThanOrEqual(790);
  expectScores(
    answers.map(([vector]) => vector),
    answers.map(([, scores]) => scores),
  );
});
