import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const lab = resolve(import.meta.dirname, "../../../shared/lab");

/** A real engine for tests: the client's environment, or why there is none. */
export interface LabEngine {
  readonly env: NodeJS.ProcessEnv;
  readonly samples: string;
}

/**
 * The laboratory's engine with BuildKit, when it is up. Tests that need it skip with a message elsewhere; where
 * PLIMSOLL_LAB_REQUIRED is set its absence is a failure.
 */
export function labEngine(version: "12" | "13" = "13"): LabEngine | undefined {
  const missing = (why: string): undefined => {
    if (process.env["PLIMSOLL_LAB_REQUIRED"]) throw new Error(`the laboratory is required here and ${why}`);
    process.stderr.write(`skipped: ${why}\n`);
    return undefined;
  };
  if (!existsSync(`${lab}/env`)) return missing("no laboratory with a Docker Engine lies beside the project");
  const said = spawnSync("bash", ["-c", `eval "$(LAB_ENGINE=${version} ${lab}/env)"; env -0`], { encoding: "utf8" });
  if (said.status !== 0) return missing("the laboratory's environment cannot be read");
  const env = Object.fromEntries(
    said.stdout
      .split("\0")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  if (spawnSync("docker", ["version"], { env, stdio: "ignore" }).status !== 0)
    return missing("no Docker Engine answers");
  return { env, samples: `${lab}/samples` };
}

/** Runs a program of the laboratory and returns what it prints; throws with its last lines when it fails. */
export function runIn(
  engine: LabEngine,
  directory: string,
  program: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): string {
  try {
    return execFileSync(program, [...args], {
      cwd: directory,
      env: { ...engine.env, ...more },
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 600_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `${program} ${args.join(" ")} failed:\n${`${stdout ?? ""}\n${stderr ?? ""}`.trim().split("\n").slice(-25).join("\n")}`,
      { cause: error },
    );
  }
}
