import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKnown } from "../../src/engine/known.ts";
import { fixText } from "../../src/remedy/index.ts";
import { builtInRules, defaultSitePolicy, type Rule, type TextExample } from "../../src/rules/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";
import { memoryContext } from "../../src/weight/index.ts";
import { readMarks } from "../support/marks.ts";

const table = (): string => readFileSync(new URL("../../src/bases/data/official-images.txt", import.meta.url), "utf8");
const only = process.env["RULE"];
const rules = only ? builtInRules.filter((rule) => rule.id.includes(only)) : builtInRules;

function check(rule: Rule<"dockerfile">, example: TextExample, text: string) {
  const dockerfile = parseDockerfile({ path: "Dockerfile", text });
  const subject = example.context
    ? { dockerfile, context: memoryContext({ ...example.context, Dockerfile: text }) }
    : { dockerfile };
  return [...rule.check(subject, createKnown({ ...defaultSitePolicy, ...example.policy }, table))];
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (_, rule) => {
  it("has a name, a summary, a reason, a marked and a silent example", () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(rule.summary).not.toMatch(/\.$|\n/);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.examples.some((example) => example.text.includes("«"))).toBe(true);
    expect(rule.examples.some((example) => !example.text.includes("«"))).toBe(true);
    expect(new Set(rule.examples.map((example) => example.title)).size).toBe(rule.examples.length);
  });

  it.each(rule.examples.map((example) => [example.title, example] as const))(
    "reports exactly the marked words: %s",
    (_title, example) => {
      const { text, ranges } = readMarks(example.text);
      const problems = check(rule, example, text);
      const reported = problems
        .map(({ at }) => (at.kind === "source" ? at.range : undefined))
        .sort((a, b) => (a?.start ?? 0) - (b?.start ?? 0) || (a?.end ?? 0) - (b?.end ?? 0));
      expect(reported.map((range) => text.slice(range?.start, range?.end))).toEqual(
        ranges.map((range) => text.slice(range.start, range.end)),
      );
      expect(reported).toEqual(ranges);
      for (const { message } of problems) expect(message).not.toMatch(/\.$|\n/);
    },
  );

  it.each(
    rule.examples.filter((example) => example.text.includes("«")).map((example) => [example.title, example] as const),
  )("fixes as its example says, and no more: %s", (_title, example) => {
    const { text } = readMarks(example.text);
    const context = example.context
      ? (dockerfile: string) => memoryContext({ ...example.context, Dockerfile: dockerfile })
      : undefined;
    const { texts } = fixText({ path: "Dockerfile", text }, (dockerfile, files) => {
      const subject = context
        ? { dockerfile, context: withIgnore(context(dockerfile.source.text), files) }
        : { dockerfile };
      return [...rule.check(subject, createKnown({ ...defaultSitePolicy, ...example.policy }, table))];
    });
    const fixed = texts.get("Dockerfile") ?? text;
    expect(fixed).toBe(example.fixed ?? text);
    const others = Object.fromEntries([...texts].filter(([path]) => path !== "Dockerfile"));
    expect(others).toEqual(example.fixedFiles ?? {});
    const before = parseDockerfile(text).problems.length;
    expect(parseDockerfile(fixed).problems.length).toBeLessThanOrEqual(before);
  });
});

function withIgnore(context: ReturnType<typeof memoryContext>, files: ReadonlyMap<string, string>) {
  const text = files.get(context.ignorePath);
  return text === undefined ? context : context.withIgnoreFile(text);
}
