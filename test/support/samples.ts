import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type LabEngine, runIn } from "./lab.ts";

/** The laboratory's bad projects, each with an expect.md that says what is wrong and how to see that it works. */
export function sampleNames(lab: LabEngine): readonly string[] {
  return readdirSync(lab.samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(lab.samples, entry.name, "expect.md")))
    .map((entry) => entry.name);
}

/** A writable copy of a sample below `work`, prepared as its author's machine would have it. */
export function copySample(lab: LabEngine, name: string, work: string): { directory: string; expected: string } {
  const directory = join(work, name);
  cpSync(join(lab.samples, name), directory, { recursive: true, dereference: true });
  runIn(lab, work, "chmod", ["-R", "u+w", directory]);
  const expected = readFileSync(join(directory, "expect.md"), "utf8");
  rmSync(join(directory, "expect.md"));
  const prepare = join(directory, "prepare");
  if (existsSync(prepare)) {
    chmodSync(prepare, 0o755);
    runIn(lab, directory, "./prepare", []);
    rmSync(prepare);
  }
  return { directory, expected };
}

/** The shell block under a heading of an expect.md. */
export function sampleBlock(expected: string, heading: string): string {
  const part = expected.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  return [...part.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map((match) => match[1]).join("\n");
}
