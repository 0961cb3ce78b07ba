// Files per second, in one warm thread: parse only, parse with the shell inside, all rules; beside reading the files and
// dockerfile-ast's parse. `npm run bench [DIRECTORY]`; without one, 800 generated Dockerfiles of usual size are used.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { createEngine } from "../src/index.ts";
import { parseDockerfile } from "../src/syntax/index.ts";
import { generateDockerfile } from "../test/support/generate.ts";

function directory(): string {
  const given = process.argv[2];
  if (given) return given;
  const made = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
  for (let i = 0; i < 800; i++) writeFileSync(join(made, `Dockerfile.${i}`), generateDockerfile(i));
  return made;
}

const root = directory();
const paths = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /Dockerfile|Containerfile/i.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const texts = paths.map((path) => readFileSync(path, "utf8"));
const bytes = texts.reduce((sum, text) => sum + text.length, 0);
const engine = await createEngine();

/**
 * Files per second: the best of several rounds, each at least 0.3 s; V8 takes some 10,000 files to have compiled all rules.
 * Seconds are those of the processor, of which the collector's helpers take some too: others on the machine do not count.
 */
function rate(work: (text: string, i: number) => void): number {
  let best = 0;
  for (let round = 0; round < 15; round++) {
    const start = process.cpuUsage();
    let files = 0;
    let elapsed = 0;
    while (elapsed < 0.3) {
      texts.forEach(work);
      files += texts.length;
      const { user, system } = process.cpuUsage(start);
      elapsed = (user + system) / 1e6;
    }
    if (round > 4) best = Math.max(best, files / elapsed);
  }
  return best;
}

let sink = 0;
const rows: readonly (readonly [string, number])[] = [
  ["read the files", rate((_, i) => void (sink += readFileSync(paths[i] ?? "", "utf8").length))],
  ["parse", rate((text) => void (sink += parseDockerfile(text).instructions.length))],
  [
    "parse, and the shell inside",
    rate((text) => {
      for (const instruction of parseDockerfile(text).instructions)
        if ("script" in instruction) sink += instruction.script.commands.length;
    }),
  ],
  ["all rules", rate((text) => void (sink += engine.lint([{ path: "Dockerfile", text }]).findings.length))],
  ["dockerfile-ast, parse", rate((text) => void (sink += DockerfileParser.parse(text).getInstructions().length))],
];
const parse = rows[1]?.[1] ?? 1;
process.stdout.write(`${texts.length} files, ${bytes} characters (checksum ${sink > 0})\n`);
for (const [name, value] of rows)
  process.stdout.write(
    `${name.padEnd(30)} ${Math.round(value).toLocaleString("en").padStart(10)} files/s   ${(value / parse).toFixed(2)} of parse\n`,
  );
