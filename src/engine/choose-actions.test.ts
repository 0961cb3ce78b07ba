import { array, assert, boolean, constantFrom, property } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { builtInRules } from "../rules/index.ts";
import { parseDockerfile } from "../syntax/index.ts";
import { applyFixes } from "./apply-fixes.ts";
import { chooseActions } from "./choose-actions.ts";
import { createEngine, type Engine } from "./engine.ts";
import { defaultPolicy } from "./policy.ts";

const texts = builtInRules
  .flatMap(({ examples }) => examples.map(({ text }) => text.replaceAll(/[«»]/g, "")))
  .filter((_, index) => index % 3 === 0);
const levels = { likely: true };

describe("choosing among actions", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine();
  });
  const subjectOf = (text: string) => ({ dockerfile: parseDockerfile({ path: "Dockerfile", text }) });

  it("all of them do what fixing does", () => {
    for (const text of texts) {
      const subject = subjectOf(text);
      const choice = chooseActions(engine, subject, defaultPolicy, levels);
      const all = applyFixes(engine, subject, defaultPolicy, levels);
      expect(choice.apply(choice.actions).texts.get("Dockerfile"), text).toBe(all.texts.get("Dockerfile"));
    }
  });

  it("none of them leaves the text as it is", () => {
    for (const text of texts) {
      const choice = chooseActions(engine, subjectOf(text), defaultPolicy, levels);
      expect(choice.apply([]).texts.get("Dockerfile")).toBe(text);
    }
  });

  it("a choice does nothing that was not chosen, and always the same", () => {
    assert(
      property(constantFrom(...texts), constantFrom(...texts), array(boolean(), { maxLength: 20 }), (a, b, mask) => {
        const choice = chooseActions(engine, subjectOf(`${a}\n${b}`), defaultPolicy, levels);
        const chosen = choice.actions.filter((_, index) => mask[index] ?? false);
        const first = choice.apply(chosen);
        expect(chosen).toEqual(expect.arrayContaining([...first.applied]));
        expect([...choice.apply(chosen).texts]).toEqual([...first.texts]);
        if (first.applied.length === 0) expect(first.texts.get("Dockerfile")).toBe(`${a}\n${b}`);
      }),
      { numRuns: 60 },
    );
  });

  it("what one fix stands in the way of can be chosen in its place", () => {
    const subject = subjectOf("FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCMD curl example.org\n");
    const choice = chooseActions(engine, subject, defaultPolicy, levels);
    for (const action of choice.actions) {
      const without = choice.apply(choice.actions.filter((one) => one !== action));
      const found = engine.examine(subjectOf(without.texts.get("Dockerfile") ?? ""), defaultPolicy).findings;
      const left = found.filter(({ fix }) => fix !== undefined && fix.safety !== "assisted");
      expect(left.every(({ rule }) => rule === action.rule)).toBe(true);
    }
  });
});
