import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryContext, parseDockerignore } from "../../src/index.ts";
import { randomSource } from "../support/generate.ts";
import { labEngine, runIn } from "../support/lab.ts";

const names = ["a", "b", "ab", "abc", "x.md", "y.md", "src", "lib", "node_modules", ".env", "a b"];
const pieces = [
  "*",
  "**",
  "?",
  "a",
  "b",
  "ab*",
  "*.md",
  "[a-b]",
  "src",
  "lib",
  "node_modules",
  ".env",
  "*b",
  "a?c",
  "x.md",
  "\\a",
  "[^a]",
];

/** A small random tree, as paths of files. */
function tree(random: ReturnType<typeof randomSource>): string[] {
  const paths = new Set<string>();
  for (let i = 0; i < 14; i++)
    paths.add(Array.from({ length: 1 + random.below(4) }, () => random.pick(names)).join("/"));
  return [...paths]
    .filter((path) => ![...paths].some((other) => other !== path && other.startsWith(`${path}/`)))
    .sort();
}

/** A random ignore file: exceptions, `**`, classes, escapes, odd slashes. */
function ignoreText(random: ReturnType<typeof randomSource>): string {
  const lines = Array.from({ length: 1 + random.below(6) }, () => {
    const pattern = Array.from({ length: 1 + random.below(3) }, () => random.pick(pieces)).join("/");
    return `${random.chance(0.35) ? "!" : ""}${random.chance(0.2) ? "/" : ""}${random.chance(0.1) ? "./" : ""}${pattern}${random.chance(0.15) ? "/" : ""}${random.chance(0.1) ? "  " : ""}`;
  });
  return `${random.chance(0.2) ? "# a comment\n" : ""}${lines.join(random.chance(0.1) ? "\r\n" : "\n")}\n`;
}

function ours(paths: readonly string[], ignore: string): string[] {
  const context = memoryContext({
    ...Object.fromEntries(paths.map((path) => [path, "x"])),
    ".dockerignore": ignore,
    Dockerfile: "FROM scratch\n",
  });
  return context.files
    .filter((file) => !file.ignored && file.path !== "Dockerfile" && file.path !== ".dockerignore")
    .map(({ path }) => path)
    .sort();
}

function write(directory: string, paths: readonly string[], ignore: string): void {
  rmSync(directory, { recursive: true, force: true });
  for (const path of paths) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), "x");
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "Dockerfile"), "FROM scratch\nCOPY . /\n");
  writeFileSync(join(directory, ".dockerignore"), ignore);
}

const lab = labEngine("13");
const sets = Number(process.env["PLIMSOLL_IGNORE_SETS"] ?? 300);

describe.skipIf(!lab)(".dockerignore decides as Docker does", () => {
  it(`in ${sets} real builds that hand their context back, each with a random tree and ignore file`, {
    timeout: 600_000,
  }, () => {
    if (!lab) return;
    const root = mkdtempSync(join(tmpdir(), "plimsoll-ignore-"));
    let refused = 0;
    try {
      for (let seed = 1; seed <= sets; seed++) {
        const random = randomSource(seed);
        const paths = tree(random);
        const ignore = ignoreText(random);
        write(join(root, "context"), paths, ignore);
        const output = join(root, "out");
        rmSync(output, { recursive: true, force: true });
        const problems = parseDockerignore({ path: ".dockerignore", text: ignore }).problems.length;
        try {
          runIn(lab, root, "docker", ["build", "-q", "-o", output, "context"], { DOCKER_BUILDKIT: "1" });
        } catch (error) {
          refused++;
          expect(problems, `${ignore}\n${String(error)}`).toBeGreaterThan(0);
          continue;
        }
        const theirs = readdirSync(output, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(output.length + 1))
          .filter((path) => path !== "Dockerfile" && path !== ".dockerignore")
          .sort();
        expect(ours(paths, ignore), `${seed}: ${JSON.stringify(ignore)} on ${JSON.stringify(paths)}`).toEqual(theirs);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
    expect(refused).toBeLessThan(sets / 4);
  });
});
