// ShellCheck's findings, told where they are in the Dockerfile: what Plimsoll hands it and how it reads the answer are held to
// ShellCheck itself, run on the same script by hand.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine, defaultPolicy, readHadolintConfig, runShellcheck } from "../../src/engine/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const root = mkdtempSync(join(tmpdir(), "plimsoll-shellcheck-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const isHere = spawnSync("shellcheck", ["--version"]).status === 0;
if (!isHere) process.stderr.write("skipped: ShellCheck is not installed\n");

function parse(text: string) {
  return parseDockerfile({ path: "Dockerfile", text });
}

/** "SC2086 $NAME": code and text pointed at. */
async function found(text: string): Promise<string[]> {
  const { findings } = await runShellcheck(parse(text), process.env);
  return findings.map(({ rule, at }) => {
    const range = at.kind === "source" ? at.range : { start: 0, end: 0 };
    return `${rule} ${text.slice(range.start, range.end)}`;
  });
}

/** The codes ShellCheck gives a script that stands by itself. */
function alone(script: string): string[] {
  const file = join(root, "alone.sh");
  writeFileSync(file, `${script}\n`);
  const { stdout } = spawnSync("shellcheck", ["--norc", "--shell=sh", "--format=json1", file], { encoding: "utf8" });
  const { comments } = JSON.parse(stdout) as { comments: { code: number }[] };
  return comments.map(({ code }) => `SC${code}`).sort();
}

describe.skipIf(!isHere)("ShellCheck over a Dockerfile", () => {
  it.each([
    [
      "a line that goes on, with a comment inside",
      "RUN true \\\n  # why\n  && echo $A \\\n  $B",
      ["SC2086 $A", "SC2086 $B"],
    ],
    ["behind letters that are not ASCII", 'RUN echo "é🙂" $A', ["SC2086 $A"]],
    ["a heredoc with its own shell", "RUN <<E\n#!/bin/bash\n[[ $A ]] && rm $B\nE", ["SC2086 $B"]],
    ["a heredoc of another language", "RUN <<E\n#!/usr/bin/env python3\nprint($A)\nE", []],
    ["ONBUILD", "ONBUILD RUN echo $A", ["SC2086 $A"]],
    ["flags in front", "RUN --network=none --mount=type=cache,target=/c echo $A", ["SC2086 $A"]],
    ["an exec form, which no shell reads", 'RUN ["echo", "$A"]', []],
    ["a shell of Windows", 'SHELL ["powershell", "-Command"]\nRUN echo $A', []],
    ["Windows line ends", "RUN true \\\r\n  && echo $A\r\n", ["SC2086 $A"]],
  ])("finds %s", async (_, lines, expected) => {
    expect(await found(`FROM debian:12\nARG A\nARG B\n${lines}\n`)).toEqual(expected);
  });

  it("knows what ENV and ARG set, here and in the stage below, and what they set it to", async () => {
    const text = [
      "FROM debian:12 AS base",
      "ENV LIST='a b' PORT=80",
      "ARG lost=1",
      "FROM base",
      "ARG GIVEN=1",
      'RUN echo "$LIST" "$PORT" "$GIVEN" "$http_proxy" $PORT $GIVEN',
      'RUN echo "$lost" "$later"',
      "ENV later=1",
      "",
    ].join("\n");
    // A number that is certain needs no quotes; an ARG may be given another value, and ends with its stage.
    expect(await found(text)).toEqual(["SC2086 $GIVEN", "SC2154 $lost", "SC2154 $later"]);
    expect(await found('FROM a\nRUN echo "$lost"\n')).toEqual(["SC2154 $lost"]);
    expect(await found('FROM a\nARG lost\nRUN echo "$lost"\n')).toEqual([]);
  });

  it("says of a script what ShellCheck says of it alone", { timeout: 120_000 }, async () => {
    const word = fc.constantFrom(
      "$1",
      '"$1"',
      "`ls`",
      "*.txt",
      "$(cat a | grep b)",
      "'$x'",
      "~/x",
      "-n",
      "a=b",
      "[ $1 = 2 ]",
    );
    const command = fc.tuple(
      fc.constantFrom("echo", "rm", "cd", "read", "test", "local"),
      fc.array(word, { maxLength: 3 }),
    );
    const script = fc
      .array(command, { minLength: 1, maxLength: 3 })
      .map((commands) => commands.map(([name, words]) => [name, ...words].join(" ")).join(" && "));
    await fc.assert(
      fc.asyncProperty(script, async (text) => {
        const inFile = await found(`FROM a\nRUN ${text.replaceAll(" && ", " \\\n && ")}\n`);
        expect(inFile.map((one) => one.slice(0, one.indexOf(" "))).sort()).toEqual(alone(text));
      }),
      { numRuns: 60 },
    );
  });

  it("holds to ignore comments, to hadolint's configuration and to severities by its codes", async () => {
    const engine = await createEngine();
    const dockerfile = parse(
      "FROM a\n# hadolint ignore=SC2086\nRUN echo $1\nRUN echo $1 `ls`\n# plimsoll ignore=SC20*\nRUN echo `ls`\n",
    );
    const { findings } = await runShellcheck(dockerfile, process.env);
    const config = { path: ".hadolint.yaml", text: "ignored: [SC2046]\noverride:\n  error: [SC2006]\n" };
    const policy = await readHadolintConfig(config, (id) => engine.resolve(id), defaultPolicy);
    const admitted = engine.admit(findings, dockerfile, policy);
    expect(admitted.findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(["SC2086 low", "SC2006 high"]);
    // The first line's, and of the last SC2005 and SC2006; what is off is not counted.
    expect(admitted.ignored).toBe(3);
  });
});

describe("check --shellcheck", () => {
  const check = (path: string) => {
    writeFileSync(join(root, "Dockerfile"), "FROM scratch\nRUN echo $1\n");
    return spawnSync(process.execPath, [cli, "check", "--shellcheck", "Dockerfile", "-f", "sarif"], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, PATH: path },
    });
  };

  it("without the program says so and how to get it", () => {
    const { status, stderr } = check(root);
    expect({ status, hint: stderr.includes("hint: install it") }).toEqual({ status: 2, hint: true });
  });

  it("with a program of that name that is something else ends with a typed error", () => {
    const directory = mkdtempSync(join(root, "bin-"));
    symlinkSync("/bin/echo", join(directory, "shellcheck"));
    const { status, stderr } = check(directory);
    expect({ status, lines: stderr.trim().split("\n").length }).toEqual({ status: 3, lines: 2 });
  });

  it.skipIf(!isHere)("tells ShellCheck's own page of each code", () => {
    const { stdout } = check(process.env["PATH"] ?? "");
    expect(stdout).toContain('"helpUri": "https://www.shellcheck.net/wiki/SC2086"');
  });
});
