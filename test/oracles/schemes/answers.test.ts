import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { builtInSchemes } from "../../../src/advisories/index.ts";
import { answersPath, ourAnswer } from "./agreement.ts";

const kept = readdirSync(resolve(import.meta.dirname, "answers")).map((name) => name.replace(/\.json$/, ""));

describe("answers that the schemes' own tools gave", () => {
  it("are there for every scheme whose tool could be asked", () => {
    expect(kept.sort()).toEqual([
      "apk",
      "composer",
      "dpkg",
      "go",
      "hex",
      "maven",
      "pep440",
      "rpm",
      "rubygems",
      "semver",
    ]);
  });

  for (const id of kept) {
    it(`are ours too: ${id}`, () => {
      const scheme = builtInSchemes.find((one) => one.id === id);
      const lines = JSON.parse(readFileSync(answersPath(id), "utf8")) as string[];
      const wrong = lines.filter((line) => {
        const [a, answer, b] = line.split("\t") as [string, string, string];
        return answer === "!"
          ? scheme?.valid(a) && scheme.valid(b)
          : scheme === undefined || ourAnswer(scheme, [a, b]) !== answer;
      });
      expect(wrong).toEqual([]);
      expect(lines.length).toBeGreaterThan(150);
    });
  }
});
