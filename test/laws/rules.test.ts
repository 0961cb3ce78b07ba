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

/** An example's context without marks, and the marks of its ignore file. */
function contextFiles(example: TextExample): {
  files: Record<string, string>;
  ranges: { start: number; end: number }[];
} {
  const files: Record<string, string> = {};
  let ranges: { start: number; end: number }[] = [];
  for (const [path, marked] of Object.entries(example.context ?? {})) {
    const read = readMarks(marked);
    files[path] = read.text;
    if (path.endsWith(".dockerignore")) ranges = read.ranges;
  }
  return { files, ranges };
}

function check(rule: Rule<"dockerfile">, example: TextExample, text: string) {
  const dockerfile = parseDockerfile({ path: "Dockerfile", text });
  const subject = example.context
    ? { dockerfile, context: memoryContext({ ...contextFiles(example).files, Dockerfile: text }) }
    : { dockerfile };
  return [...rule.check(subject, createKnown({ ...defaultSitePolicy, ...example.policy }, table))];
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (_, rule) => {
  it("has a name, a summary, a reason, a marked and a silent example", () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(rule.summary).not.toMatch(/\.$|\n/);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.examples.some(isMarked)).toBe(true);
    expect(rule.examples.some((example) => !isMarked(example))).toBe(true);
    expect(new Set(rule.examples.map((example) => example.title)).size).toBe(rule.examples.length);
  });

  it.each(rule.examples.map((example) => [example.title, example] as const))(
    "reports exactly the marked words: %s",
    (_title, example) => {
      const { text, ranges } = readMarks(example.text);
      const problems = check(rule, example, text);
      const reported = (path: RegExp) =>
        problems
          .flatMap(({ at }) => (at.kind === "source" && path.test(at.path) ? [at.range] : []))
          .sort((a, b) => a.start - b.start || a.end - b.end);
      const inDockerfile = reported(/^Dockerfile$/);
      expect(inDockerfile.map((range) => text.slice(range.start, range.end))).toEqual(
        ranges.map((range) => text.slice(range.start, range.end)),
      );
      expect(inDockerfile).toEqual(ranges);
      expect(reported(/dockerignore$/)).toEqual(contextFiles(example).ranges);
      for (const { message } of problems) expect(message).not.toMatch(/\.$|\n/);
    },
  );

  it.each(rule.examples.filter(isMarked).map((example) => [example.title, example] as const))(
    "fixes as its example says, and no more: %s",
    (_title, example) => {
      const { text } = readMarks(example.text);
      const context = example.context
        ? (dockerfile: string) => memoryContext({ ...contextFiles(example).files, Dockerfile: dockerfile })
        : undefined;
      const { texts } = fixText(
        { path: "Dockerfile", text },
        (dockerfile, files) => {
          const subject = context
            ? { dockerfile, context: withIgnore(context(dockerfile.source.text), files) }
            : { dockerfile };
          return [...rule.check(subject, createKnown({ ...defaultSitePolicy, ...example.policy }, table))];
        },
        () => true,
        (path) => contextFiles(example).files[path] ?? "",
      );
      const fixed = texts.get("Dockerfile") ?? text;
      expect(fixed).toBe(example.fixed ?? text);
      const others = Object.fromEntries([...texts].filter(([path]) => path !== "Dockerfile"));
      expect(others).toEqual(example.fixedFiles ?? {});
      const before = parseDockerfile(text).problems.length;
      expect(parseDockerfile(fixed).problems.length).toBeLessThanOrEqual(before);
    },
  );
});

function isMarked(example: TextExample): boolean {
  return [example.text, ...Object.values(example.context ?? {})].some((text) => text.includes("«"));
}

function withIgnore(context: ReturnType<typeof memoryContext>, files: ReadonlyMap<string, string>) {
  const text = files.get(context.ignorePath);
  return text === undefined ? context : context.withIgnoreFile(text);
}
