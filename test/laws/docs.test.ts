import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builtInImageRules, builtInRules } from "../../src/index.ts";
import { referencePages } from "../support/reference.ts";

const root = join(import.meta.dirname, "../..");

describe("the documentation", () => {
  it("is what the source says: run npm run docs", () => {
    for (const [path, text] of referencePages()) {
      const file = join(root, "docs/reference", path);
      expect(existsSync(file), path).toBe(true);
      expect(readFileSync(file, "utf8"), path).toBe(text);
    }
    expect(readdirSync(join(root, "docs/reference/rules")).length).toBe(builtInRules.length + builtInImageRules.length);
  });
  it("links to nothing that is not there", () => {
    for (const name of ["README.md", "CONTRIBUTING.md", "docs/guide.md"]) {
      const text = readFileSync(join(root, name), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        expect(existsSync(join(root, name, "..", target)), `${name}: ${target}`).toBe(true);
    }
  });
  it("has a schema that knows the keys the reader knows", () => {
    const schema = JSON.parse(readFileSync(join(root, "schema/plimsoll.schema.json"), "utf8")) as {
      properties: Record<string, unknown>;
    };
    const reader = readFileSync(join(root, "src/engine/config.ts"), "utf8");
    for (const key of Object.keys(schema.properties)) expect(reader).toContain(`"${key}"`);
  });
  it("shows an init file that the reader takes", () => {
    const source = readFileSync(join(root, "src/apps/cli/commands/init.ts"), "utf8");
    const config = /const config = `([\s\S]*?)`;/.exec(source)?.[1] ?? "";
    expect(Object.keys(parse(config.replaceAll("\\`", "`")) as object)).toEqual([
      "fail-on",
      "rules",
      "ignore",
      "trusted-registries",
      "context-limit",
      "exclude",
    ]);
  });
});
