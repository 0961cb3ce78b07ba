import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../src");

/** Which modules a module may import; "type x" allows `import type` alone. The reason for each line is in docs/architecture.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  host: ["core"],
  syntax: ["core"],
  bases: ["core"],
  packages: ["core"],
  image: ["core", "host"],
  advisories: ["core", "host", "packages"],
  weight: ["core", "host", "syntax", "image"],
  rules: ["core", "syntax", "bases", "type image", "type packages", "type advisories", "type weight"],
  remedy: ["core", "host", "syntax", "bases", "image", "packages", "advisories", "weight", "rules"],
  report: ["core", "type image", "type packages", "type advisories", "type weight", "type rules", "type remedy"],
  engine: ["core", "host", "syntax", "bases", "image", "packages", "advisories", "weight", "rules", "remedy", "report"],
  apps: ["core", "host", "syntax", "rules", "report", "engine", "remedy", "weight", "image", "packages", "advisories"],
};

/** Modules that run in a browser: they reach nothing outside. */
const pure = new Set(["core", "syntax", "bases", "packages", "rules", "report", "weight", "remedy"]);
const allowedOutside: Readonly<Record<string, RegExp>> = { weight: /^weight\/context\.ts$/ };

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(): { file: string; text: string }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ file: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?[^"';]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm)) {
    const target = match[2] ?? match[3] ?? "";
    const names = /\{([^}]*)\}/.exec(match[0])?.[1];
    const allTypes =
      names !== undefined && names.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
    found.push({ file, target, typeOnly: match[1] !== undefined || allTypes });
  }
  return found;
}

const files = sources();
const imports = files.flatMap(({ file, text }) => importsOf(file, text));

describe("imports follow the law", () => {
  it("every module imports only what the table allows, through its index", () => {
    const broken: string[] = [];
    for (const { file, target, typeOnly } of imports) {
      if (!target.startsWith(".")) continue;
      const from = file.split("/")[0] ?? "";
      const path = relative(root, resolve(root, dirname(file), target))
        .split(sep)
        .join("/");
      const to = path.split("/")[0] ?? "";
      if (from === to || !file.includes("/")) continue;
      const allowed = mayImport[from] ?? [];
      if (!allowed.includes(to) && !(typeOnly && allowed.includes(`type ${to}`)))
        broken.push(`${file} imports ${path}`);
      else if (path !== `${to}/index.ts`) broken.push(`${file} imports ${path}, not ${to}/index.ts`);
    }
    expect(broken).toEqual([]);
  });

  it("only host and apps reach outside, only apps print", () => {
    const broken: string[] = [];
    for (const { file, text } of files) {
      const module = file.split("/")[0] ?? "";
      const outside =
        /"node:(?:fs|net|http|https|child_process|os|process)|\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bfetch\(/.test(
          text,
        );
      if (outside && pure.has(module) && !allowedOutside[module]?.test(file)) broken.push(`${file} reaches outside`);
      if (/\bconsole\.|\bprocess\.std(?:out|err)\b/.test(text) && module !== "apps") broken.push(`${file} prints`);
      if (/\bMath\.random\b|\.localeCompare\(/.test(text)) broken.push(`${file} is not deterministic`);
    }
    expect(broken).toEqual([]);
  });

  it("no file is longer than 400 lines", () => {
    const long = files.filter(({ text }) => text.split("\n").length > 401).map(({ file }) => file);
    expect(long).toEqual([]);
  });

  it("no file imports itself in a circle", () => {
    const graph = new Map<string, string[]>();
    for (const { file, target, typeOnly } of imports) {
      if (!target.startsWith(".") || typeOnly) continue;
      graph.set(file, [
        ...(graph.get(file) ?? []),
        relative(root, resolve(root, dirname(file), target))
          .split(sep)
          .join("/"),
      ]);
    }
    const state = new Map<string, "open" | "done">();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, "done");
    };
    for (const file of graph.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it.each([
    ["rules/dockerfile", "rules/list.ts"],
    ["rules/image", "rules/image-list.ts"],
    ["packages/catalogers", "packages/list.ts"],
    ["remedy/actions", "remedy/actions/list.ts"],
    ["report/reporters", "report/reporters/list.ts"],
  ])("every file in %s has its line in %s", (directory, list) => {
    const text = readFileSync(join(root, list), "utf8");
    const missing = readdirSync(join(root, directory)).filter(
      (name) =>
        /^[a-z0-9-]+\.ts$/.test(name) &&
        name !== "list.ts" &&
        ![`/${name}"`, `from "./${name}"`].some((line) => text.includes(line)),
    );
    expect(missing).toEqual([]);
  });
});
