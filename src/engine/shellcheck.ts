import { type Finding, fingerprint, PlimsollError, type Severity } from "../core/index.ts";
import { makeScratchDirectory, newRunId, removeDirectory, runTool, writeBelow } from "../host/index.ts";
import type { DescribedRule } from "../report/index.ts";
import {
  chainOf,
  type Dockerfile,
  type Instruction,
  predefinedArguments,
  type RunInstruction,
  type ShellText,
} from "../syntax/index.ts";
import { byPlace } from "./engine.ts";

/** What ShellCheck finds in the scripts of one Dockerfile, and what its codes mean. */
export interface ShellcheckResult {
  readonly findings: readonly Finding[];
  readonly rules: readonly DescribedRule[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A script, and the file that ShellCheck reads: two lines of ours, then the script's text. */
interface Given {
  readonly name: string;
  readonly script: ShellText;
  readonly file: string;
}

/** What ShellCheck says of one place; lines and columns from 1, columns in characters (its format `json1`). */
interface Comment {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
  readonly level: string;
  readonly code: number;
  readonly message: string;
}

const program = "shellcheck";
const ownLines = 2;
/** Scripts that one run is given; a Dockerfile with more is a strange one. */
const mostScripts = 1000;
const mostBytes = 32 << 20;
const oneMinute = 60_000;
/** Files that a script reads are not at hand, and neither is its first line (SC1090, SC1091, SC2187; SC1128: ours stand above it). */
const notAsked = "SC1090,SC1091,SC1128,SC2187";
const levels: Readonly<Record<string, Severity>> = { error: "high", warning: "medium", info: "low", style: "info" };

/**
 * Runs the ShellCheck on the PATH over the shell-form RUNs of a Dockerfile, those of ONBUILD too. The scripts are written to a
 * directory of our own, nothing of them is run, and no settings of the directory it is called in are read.
 * @throws PlimsollError scanner.missing, scanner.failed
 */
export async function runShellcheck(dockerfile: Dockerfile, env: Environment): Promise<ShellcheckResult> {
  const scripts = scriptsOf(dockerfile).slice(0, mostScripts);
  if (scripts.length === 0) return { findings: [], rules: [] };
  const directory = makeScratchDirectory(newRunId());
  try {
    for (const { name, file } of scripts) writeBelow(directory, name, file);
    const names = scripts.map(({ name }) => name);
    const comments = await ask(names, directory, env);
    const findings = comments.flatMap((comment) => findingOf(comment, scripts, dockerfile)).sort(byPlace);
    const codes = [...new Set(findings.map(({ rule }) => rule))];
    return { findings, rules: codes.map((code) => describe(code)) };
  } finally {
    removeDirectory(directory);
  }
}

async function ask(names: readonly string[], directory: string, env: Environment): Promise<readonly Comment[]> {
  const run = await runTool(program, ["--norc", "--format=json1", `--exclude=${notAsked}`, ...names], {
    env,
    directory,
    milliseconds: oneMinute,
    outputBytes: mostBytes,
  });
  if (run.ended === "missing")
    throw new PlimsollError("scanner.missing", "ShellCheck is not installed", {
      hint: "install it (https://www.shellcheck.net), or leave out --shellcheck",
    });
  // 1: it found something. 2: of one file it could not say anything, which is told by the others' JSON all the same.
  const comments = run.status === undefined || run.status > 2 ? undefined : readComments(run.output);
  if (!comments)
    throw new PlimsollError("scanner.failed", "ShellCheck failed, took too long, or printed no report", {
      hint: `see whether it works: ${program} --version`,
    });
  return comments;
}

function readComments(output: string): readonly Comment[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return undefined;
  }
  const list = typeof value === "object" && value !== null && "comments" in value ? value.comments : undefined;
  return Array.isArray(list) && list.every(isComment) ? list : undefined;
}

function isComment(value: unknown): value is Comment {
  if (typeof value !== "object" || value === null) return false;
  const item = value as Readonly<Record<string, unknown>>;
  return (
    ["file", "level", "message"].every((key) => typeof item[key] === "string") &&
    ["line", "endLine", "column", "endColumn", "code"].every((key) => Number.isSafeInteger(item[key]))
  );
}

function scriptsOf(dockerfile: Dockerfile): readonly Given[] {
  return dockerfile.instructions.flatMap((instruction): Given[] => {
    const run = instruction.keyword === "ONBUILD" ? instruction.trigger : instruction;
    if (run?.keyword !== "RUN") return [];
    const { text, dialect } = run.script;
    if (!text || text.source.trim() === "" || (dialect !== "posix" && dialect !== "bash")) return [];
    const name = `${instruction.index}.sh`;
    return [{ name, script: text, file: fileOf(text.source, dialect, valuesAt(dockerfile, instruction, run)) }];
  });
}

function fileOf(script: string, dialect: "posix" | "bash", values: ReadonlyMap<string, string | undefined>): string {
  const set = [...values].map(([name, value]) => `${name}=${value === undefined ? '"$1"' : quoted(value)}`);
  return [
    `# shellcheck shell=${dialect === "bash" ? "bash" : "sh"}`,
    set.length === 0 ? ":" : `export ${set.join(" ")}`,
    // A first line of its own has been heeded: it says which shell this is.
    script.replace(/^#!/, "# "),
    "",
  ].join("\n");
}

/** The variables that a RUN sees, with those values that are certain: an ARG may be given another one. */
function valuesAt(
  dockerfile: Dockerfile,
  at: Instruction,
  run: RunInstruction,
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>([...predefinedArguments].map((name) => [name, undefined]));
  for (const stage of chainOf(dockerfile, at.stage).toReversed())
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") continue;
      const own = stage.index === at.stage;
      if (own ? instruction.index >= at.index : instruction.keyword === "ARG") continue;
      for (const { name, value } of instruction.pairs)
        if (/^[A-Za-z_]\w*$/.test(name.value ?? ""))
          values.set(name.value ?? "", instruction.keyword === "ENV" ? singleLine(value?.value) : undefined);
    }
  // Another build gives them their values.
  if (run.onbuild) for (const name of values.keys()) values.set(name, undefined);
  return values;
}

function singleLine(value: string | undefined): string | undefined {
  return value?.includes("\n") ? undefined : value;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function findingOf(comment: Comment, scripts: readonly Given[], dockerfile: Dockerfile): Finding[] {
  const script = scripts.find(({ name }) => name === comment.file)?.script;
  if (!script || comment.line <= ownLines) return [];
  const from = offsetOf(script.source, comment.line - ownLines, comment.column);
  const to = offsetOf(script.source, comment.endLine - ownLines, comment.endColumn);
  const range = script.range(from, Math.max(from, to));
  const { path, text } = dockerfile.source;
  const rule = `SC${comment.code}`;
  return [
    {
      rule,
      severity: levels[comment.level] ?? "low",
      message: comment.message,
      at: { kind: "source", path, range },
      fingerprint: fingerprint(rule, path, comment.message, text.slice(range.start, range.end)),
    },
  ];
}

/** The offset of a line and column, both from 1; what lies past the end is the end. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let left = line; left > 1; left--) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  let at = start;
  for (let left = column; left > 1 && at < text.length && text[at] !== "\n"; left--)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

function describe(code: string): DescribedRule {
  return {
    id: code,
    summary: `ShellCheck's ${code}`,
    why: "ShellCheck looks at shell scripts for what is wrong, surprising or not portable; its own page explains the code.",
    aim: "correctness",
    severity: "medium",
    url: `https://www.shellcheck.net/wiki/${code}`,
  };
}
