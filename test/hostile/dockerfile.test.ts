import { describe, expect, it } from "vitest";
import {
  applyFixes,
  createEngine,
  defaultPolicy,
  parseDockerfile,
  readOfficialImages,
  reporters,
  tokens,
} from "../../src/index.ts";
import { buildReport } from "../../src/report/index.ts";
import { generateDockerfile, mutate } from "../support/generate.ts";

/** Far above what any text here takes: a guard against endless loops and quadratic work, not a measurement. */
const patience = 2_000;
const count = Number(process.env["PLIMSOLL_MUTANTS"] ?? 20_000);

function within<T>(what: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  expect(performance.now() - start, what.slice(0, 200)).toBeLessThan(patience);
  return result;
}

describe("whatever the text", () => {
  it("the parser never throws, its tokens give the source back, and every range lies in the text", {
    timeout: 120_000,
  }, () => {
    for (let seed = 0; seed < count; seed++) {
      const text = mutate(generateDockerfile(seed % 500), seed);
      const dockerfile = within(text, () => parseDockerfile(text));
      let joined = "";
      for (const { range } of tokens(dockerfile)) joined += text.slice(range.start, range.end);
      if (joined !== text) expect(joined).toBe(text);
      for (const instruction of dockerfile.instructions) {
        const { range } = instruction;
        if (!(range.start >= 0 && range.start <= range.end && range.end <= text.length))
          expect(range).toBe("inside the text");
      }
    }
  });

  it("no rule fails, and every finding points into the text", { timeout: 240_000 }, async () => {
    const engine = await createEngine({ officialImages: readOfficialImages });
    for (let seed = 0; seed < count / 4; seed++) {
      const text = mutate(generateDockerfile(seed % 500), seed + 1_000_000);
      const result = within(text, () => engine.lint([{ path: "Dockerfile", text }]));
      if (result.gaps.length > 0) expect(result.gaps, text).toEqual([]);
      for (const { at, rule } of result.findings) {
        if (at.kind !== "source" || at.range.start < 0 || at.range.end < at.range.start || at.range.end > text.length)
          expect([rule, at], text).toBe("inside the text");
      }
    }
  });

  it("fixing twice is fixing once, and never makes the text parse worse", { timeout: 240_000 }, async () => {
    const engine = await createEngine({ officialImages: readOfficialImages });
    const levels = { likely: true };
    for (let seed = 0; seed < count / 40; seed++) {
      const text = seed % 3 === 0 ? generateDockerfile(seed) : mutate(generateDockerfile(seed % 500), seed + 2_000_000);
      const fix = (source: string): string =>
        applyFixes(
          engine,
          { dockerfile: parseDockerfile({ path: "Dockerfile", text: source }) },
          defaultPolicy,
          levels,
        ).texts.get("Dockerfile") ?? "";
      const once = fix(text);
      expect(parseDockerfile(once).problems.length).toBeLessThanOrEqual(parseDockerfile(text).problems.length);
      expect(fix(once), text).toBe(once);
    }
  });

  it("every format stays valid", async () => {
    const engine = await createEngine({ officialImages: readOfficialImages });
    for (let seed = 0; seed < 200; seed++) {
      const text = mutate(generateDockerfile(seed), seed + 3_000_000);
      const result = engine.lint([{ path: "D\u001b[31m\nockerfile", text }]);
      const texts = new Map([["D\u001b[31m\nockerfile", text]]);
      const report = buildReport({
        version: "0",
        failOn: "low",
        subjects: [],
        findings: result.findings,
        texts,
        rules: engine.rules,
        ignored: 0,
        gaps: [],
        unknownRules: [],
        expiredIgnores: [],
      });
      for (const reporter of reporters) {
        const { id } = reporter;
        const shown = reporter.render(report, { color: false, width: 100, texts });
        if (id === "json" || id === "sarif") expect(() => JSON.parse(shown) as unknown).not.toThrow();
        else expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
        if (id === "github")
          for (const line of shown.trimEnd().split("\n"))
            expect(line === "" || /^::(?:error|warning|notice) /.test(line)).toBe(true);
      }
    }
  });

  it.each([
    ["a megabyte of continued lines", `FROM a\nRUN x${" \\\n y".repeat(250_000)}\n`],
    ["a hundred thousand instructions", `FROM a\n${"RUN a\n".repeat(100_000)}`],
    [
      "ten thousand heredocs that never end",
      `FROM a\n${Array.from({ length: 10_000 }, (_, i) => `RUN cat <<E${i}`).join("\n")}\n`,
    ],
    [
      "ten thousand variables, each made of the one before",
      `FROM scratch\nENV V0=xx\n${Array.from({ length: 10_000 }, (_, i) => `ENV V${i + 1}=$V${i}$V${i}`).join("\n")}\nWORKDIR /$V10000\n`,
    ],
    [
      "deep nesting",
      `FROM a\nRUN ${"(".repeat(50_000)}\nRUN ${"$(".repeat(20_000)}\nWORKDIR ${"${a:-".repeat(20_000)}\n`,
    ],
    [
      "ten thousand stages on each other",
      Array.from({ length: 5_000 }, (_, i) => `FROM ${i === 0 ? "a" : `s${i - 1}`} AS s${i}\nRUN b`).join("\n"),
    ],
  ])("%s is read in time", { timeout: 120_000 }, (_, text) => {
    const start = performance.now();
    const dockerfile = parseDockerfile(text);
    for (const instruction of dockerfile.instructions) {
      for (const word of instruction.words) void word.value;
      if ("script" in instruction) void instruction.script.commands.length;
    }
    void dockerfile.problems.length;
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
