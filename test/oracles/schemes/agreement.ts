import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import type { VersionScheme } from "../../../src/advisories/index.ts";

export type Pair = readonly [string, string];

/** "<", "=", ">", or "!" where the tool accepts one of the two not at all. */
export type Answer = "<" | "=" | ">" | "!";

/** Runs a tool once over all pairs, one a line with a tab between; it prints one answer a line. */
export function ask(program: string, args: readonly string[], pairs: readonly Pair[]): readonly Answer[] {
  const input = `${pairs.map(([a, b]) => `${a}\t${b}`).join("\n")}\n`;
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr.slice(-2000)}`);
  const answers = stdout.trimEnd().split("\n");
  expect(answers.length).toBe(pairs.length);
  return answers as Answer[];
}

/** Whether a program answers; says so where it does not. */
export function present(program: string, args: readonly string[], what: string): boolean {
  if (spawnSync(program, args, { stdio: "ignore" }).status === 0) return true;
  process.stderr.write(`skipped: ${what} is not here\n`);
  return false;
}

export function ourAnswer(scheme: VersionScheme, [a, b]: Pair): Answer {
  const order = scheme.compare(a, b);
  return order < 0 ? "<" : order > 0 ? ">" : "=";
}

/**
 * Holds a scheme to the tool's answers; returns how many pairs the tool could order. With `validity`, a pair is valid to the
 * scheme exactly when it is to the tool.
 */
export function expectAgreement(
  scheme: VersionScheme,
  pairs: readonly Pair[],
  answers: readonly Answer[],
  validity = true,
): number {
  const wrong: string[] = [];
  let ordered = 0;
  pairs.forEach((pair, i) => {
    const theirs = answers[i];
    const [a, b] = pair;
    const valid = scheme.valid(a) && scheme.valid(b);
    if (validity && valid === (theirs === "!")) wrong.push(`${a} ${b}: valid to ${valid ? "us" : "the tool"} alone`);
    if (theirs === "!" || theirs === undefined) return;
    ordered++;
    const ours = ourAnswer(scheme, pair);
    if (ours !== theirs) wrong.push(`${a} ${theirs} ${b}, not ${ours}`);
  });
  expect({ disagreements: wrong.length, first: wrong.slice(0, 20) }).toEqual({ disagreements: 0, first: [] });
  if (process.env["PLIMSOLL_KEEP_ANSWERS"]) keepAnswers(scheme, pairs, answers);
  return ordered;
}

/** Some hundred of the tool's answers stay beside the test, for machines without the tool. */
function keepAnswers(scheme: VersionScheme, pairs: readonly Pair[], answers: readonly Answer[]): void {
  const kept: string[] = [];
  const per: Record<Answer, number> = { "<": 140, "=": 90, ">": 140, "!": 30 };
  pairs.forEach(([a, b], i) => {
    const answer = answers[i] ?? "!";
    if (a === b || a.length + b.length > 80 || per[answer] === 0) return;
    per[answer]--;
    kept.push(`${a}\t${answer}\t${b}`);
  });
  const path = answersPath(scheme.id);
  const before: readonly string[] = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as string[]) : [];
  const all = [...new Set([...before, ...kept])].sort();
  writeFileSync(path, `${JSON.stringify(all, undefined, 2)}\n`);
}

export function answersPath(id: string): string {
  return resolve(import.meta.dirname, `answers/${id}.json`);
}
