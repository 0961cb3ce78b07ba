import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";

/** A directory of this test's own, removed after it. */
export function scratchDirectory(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "plimsoll-test-"));
  context.onTestFinished(() => rmSync(path, { recursive: true, force: true }), 60_000);
  return path;
}

/**
 * Runs a program that a test needs from outside (a package manager, a compiler) and returns what it prints; skips the test
 * where the program is absent, fails, or takes longer than `seconds`.
 */
export function outside(
  context: TestContext,
  directory: string,
  program: string,
  args: readonly string[],
  { seconds = 60, env = {} }: { seconds?: number; env?: NodeJS.ProcessEnv } = {},
): string {
  const ran = spawnSync(program, [...args], {
    cwd: directory,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: seconds * 1000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (ran.error || ran.status !== 0) {
    const why = ran.error?.message ?? (ran.stderr || ran.stdout).trim().split("\n").slice(-3).join(" / ");
    process.stderr.write(`skipped: ${program} ${args.slice(0, 2).join(" ")}: ${why}\n`);
    context.skip(`${program} is not to be had here`);
  }
  return ran.stdout;
}

/** Lays distributions from the package index below `site`. */
export function pipInstall(context: TestContext, directory: string, ...names: readonly string[]): void {
  outside(
    context,
    directory,
    "python3",
    ["-m", "pip", "install", "-q", "--no-warn-script-location", "--target", "site", ...names],
    {
      seconds: 120,
    },
  );
}
