import { describe, expect, it } from "vitest";
import { createEngine } from "./engine.ts";
import { resolveRule } from "./load-policy.ts";

const text =
  "RUN x\nFROM debian:12\n# hadolint ignore=DL3043\nONBUILD FROM y\nONBUILD ONBUILD RUN z\nONBUILD MAINTAINER me\nFOO\n";

describe("what BuildKit refuses", () => {
  it("is reported under the id that a peer has for it", async () => {
    const engine = await createEngine();
    const found = engine.lint([{ path: "Dockerfile", text }]).findings.filter(({ rule }) => rule === "syntax");
    expect(found.map(({ aliases }) => aliases)).toEqual([["DL3061"], ["DL3043"], ["DL3043"], ["DL3043"], ["DL1000"]]);
  });
  it("is known by those ids, which stand for no rule that could be turned off", async () => {
    const engine = await createEngine();
    expect(engine.lint([{ path: "Dockerfile", text }]).unknownRules).toEqual([]);
    for (const id of ["DL3061", "dl3043", "DL1000", "syntax"]) {
      expect(engine.resolve(id)).toEqual([]);
      expect(() => resolveRule(engine, id)).toThrow(`${id} is no rule`);
    }
  });
});
