import { describe, expect, it } from "vitest";
import { createKnown } from "../../src/engine/known.ts";
import { isPackageDatabase } from "../../src/rules/reading/content-classes.ts";
import { censusOf } from "../../src/rules/reading/image-census.ts";
import { builtInImageRules, defaultSitePolicy, type LayersExample, type Rule } from "../../src/rules/index.ts";
import { subjectOf } from "../support/layers.ts";

const known = createKnown(defaultSitePolicy, () => undefined);
const only = process.env["RULE"];
const rules = only ? builtInImageRules.filter((rule) => rule.id.includes(only)) : builtInImageRules;

function check(rule: Rule<"image">, example: Omit<LayersExample, "title" | "reports">) {
  return [...rule.check(subjectOf(example, [rule]), known)];
}

function fileOf(problem: ReturnType<typeof check>[number]): string {
  return problem.at.kind === "image" ? (problem.at.file ?? "") : "not in the image";
}

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (_, rule) => {
  it("has a name, a summary, a reason, a reporting and a silent example", () => {
    expect(rule.id).toMatch(/^image-[a-z0-9-]+$/);
    expect(rule.summary).not.toMatch(/\.$|\n/);
    expect(rule.why.length).toBeGreaterThan(60);
    expect(rule.examples.some(({ reports }) => reports.length > 0)).toBe(true);
    expect(rule.examples.some(({ reports }) => reports.length === 0)).toBe(true);
    expect(new Set(rule.examples.map(({ title }) => title)).size).toBe(rule.examples.length);
  });

  it.each(rule.examples.map((example) => [example.title, example] as const))(
    "reports exactly the files of its example: %s",
    (_title, example) => {
      const problems = check(rule, example);
      expect(problems.map(fileOf).sort()).toEqual(example.reports);
      for (const problem of problems) {
        expect(problem.message).not.toMatch(/\.$|\n|undefined|NaN/);
        expect(problem.fix?.title).toBeTruthy();
        expect(isPackageDatabase(fileOf(problem))).toBe(false);
      }
    },
  );

  it("says nothing of an image without layers", () => {
    const healthy = { user: "1000", hasHealthcheck: true };
    expect(check(rule, { layers: [], config: healthy })).toEqual([]);
    expect(() => check(rule, { layers: [] })).not.toThrow();
  });
});

/** A tree of every sort of file that some rule looks for, and of many that none does. */
function forest(files: number): Record<string, string | number> {
  const shapes = rules.flatMap(({ examples }) =>
    examples.flatMap(({ layers }) => layers.flatMap((one) => Object.keys(one))),
  );
  const layer: Record<string, string | number> = {};
  for (let i = 0; i < files; i++) {
    const shape = shapes[i % shapes.length] ?? "x";
    layer[
      i % 3 === 0
        ? `srv/d${i % 100}/${shape.replace(/[ /]*$/, "")}${i}`
        : `${shape.replace(/[ /].*$/, "")}/x${i % 997}/f${i}.py`
    ] = (i * 37) % 100_000;
  }
  return layer;
}

describe("all image rules together", () => {
  it("offer no byte twice, and never more than there is to be seen", () => {
    for (const { examples } of rules)
      for (const example of examples) {
        const subject = subjectOf(example, rules);
        const offered = [...censusOf(subject).values()].flat().reduce((sum, { bytes }) => sum + bytes.unpacked, 0);
        expect(offered).toBeLessThanOrEqual(subject.image.weight.visible.unpacked);
      }
  });

  it("never name the database of a package manager, whatever is in the image", () => {
    const databases: Record<string, number> = {};
    for (const path of [
      "var/lib/dpkg/status",
      "var/lib/dpkg/status.d/base",
      "var/lib/dpkg/info/a.list",
      "var/lib/dpkg/info/a.md5sums",
      "lib/apk/db/installed",
      "usr/lib/apk/db/installed",
      "var/lib/rpm/Packages",
      "var/lib/rpm/rpmdb.sqlite",
      "usr/lib/sysimage/rpm/Packages.db",
    ])
      databases[path] = 9_000_000;
    const changed = Object.fromEntries(Object.keys(databases).map((path) => [path, 9_000_001]));
    for (const layers of [
      [databases],
      [databases, changed],
      [databases, Object.fromEntries(Object.keys(databases).map((path) => [path, null]))],
    ])
      for (const rule of rules)
        for (const problem of check(rule, { layers, config: { user: "1000" } }))
          for (const path of Object.keys(databases)) {
            expect(fileOf(problem)).not.toBe(path);
            expect(problem.message).not.toContain(path);
          }
  });

  it("walk 200,000 files within seconds, in time that grows as the tree does", () => {
    const time = (files: number): number => {
      const subject = subjectOf({ layers: [forest(files)], config: { user: "1000" } }, []);
      const start = performance.now();
      for (const rule of rules) for (const problem of rule.check(subject, known)) expect(problem.message).toBeTruthy();
      return performance.now() - start;
    };
    time(2_000);
    const small = time(20_000);
    const large = time(200_000);

    expect(large).toBeLessThan(20_000);
    expect(large).toBeLessThan(40 * Math.max(small, 100));
  });

  it("survive paths made to be slow", () => {
    const layer: Record<string, string> = {};
    for (const part of ["a/", "__pycache__/", "node_modules/", "gems/a/ext/", ".cache/", "-dev", "..", "@", ".git/"])
      for (const end of ["", ".pyc", "x.gem", "HEAD", ".key", ".env", ".o"])
        layer[`${part.repeat(Math.floor(4000 / part.length))}${end}`] = "x";
    const start = performance.now();
    for (const rule of rules) check(rule, { layers: [layer] });
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
