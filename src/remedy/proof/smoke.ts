import { setTimeout as wait } from "node:timers/promises";
import { runTool } from "../../host/index.ts";
import type { Claim } from "../action.ts";
import type { BuildJob, Builder } from "../builders/builder.ts";
import { removeStarted } from "../builders/sweep.ts";

export interface SmokeTest {
  /** A command for `sh`, with IMAGE set. It is the user's own and runs where the user is. */
  readonly command?: string;
  /** More variables for it, beside IMAGE. */
  readonly variables?: Readonly<Record<string, string>>;
  /** A health check of a compose service: a command for the container's shell, or its words. */
  readonly health?: string | readonly string[];
  readonly directory: string;
  /** How long a container must stay up where there is nothing better to ask. */
  readonly stayUpMilliseconds: number;
  readonly milliseconds: number;
}

export type SmokeKind = "command" | "compose-healthcheck" | "healthcheck" | "stays-up" | "ends-well";

export interface SmokeResult {
  readonly ok: boolean;
  readonly kind: SmokeKind;
  readonly detail: string;
}

interface Subject {
  /** As the program calls the image. */
  readonly name: string;
  readonly hasHealthcheck: boolean;
  readonly claims: readonly Claim[];
}

const claimOptions: Readonly<Record<Claim, readonly string[]>> = {
  "read-only-root": ["--read-only", "--tmpfs", "/tmp", "--tmpfs", "/run"],
  "no-capabilities": ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  "non-root": [],
};
const optionsVariable = "PLIMSOLL_RUN_OPTIONS";

/**
 * Sees whether what was built does its work: by the user's command, else a health check, else by whether a container starts
 * and stays up or ends with 0. Containers are removed again with their networks and volumes, those of the command too: they bear
 * the image's label.
 * @param label KEY=VALUE that the images of the run bear
 */
export async function smokeTest(
  subject: Subject,
  test: SmokeTest,
  builder: Builder,
  label: string,
  job: BuildJob,
): Promise<SmokeResult> {
  const options = subject.claims.flatMap((claim) => claimOptions[claim]);
  // A command that does not take the options on runs its containers without them, and so shows nothing of claims.
  const asked = test.command !== undefined && (options.length === 0 || test.command.includes(optionsVariable));
  try {
    return asked && test.command !== undefined
      ? await runCommand(test.command, subject.name, options, test, job)
      : await runContainer(subject, options, test, builder, label, job);
  } finally {
    await removeStarted(builder, label, job);
  }
}

async function runCommand(
  command: string,
  image: string,
  options: readonly string[],
  test: SmokeTest,
  job: BuildJob,
): Promise<SmokeResult> {
  const run = await runTool("sh", ["-ec", command], {
    ...job,
    env: { ...job.env, ...test.variables, IMAGE: image, [optionsVariable]: options.join(" ") },
    directory: test.directory,
    milliseconds: test.milliseconds,
  });
  const how =
    run.status === 0
      ? "passed"
      : run.ended === "time"
        ? `took more than ${Math.round(test.milliseconds / 1000)} s`
        : `failed with ${run.status ?? run.ended}`;
  const said = run.status === 0 ? "" : lastLines(run.said);
  return { ok: run.status === 0, kind: "command", detail: `the smoke command ${how}${said}` };
}

interface State {
  readonly running: boolean;
  readonly exitCode: number;
  readonly health: string;
}

async function runContainer(
  { name, hasHealthcheck }: Subject,
  options: readonly string[],
  test: SmokeTest,
  builder: Builder,
  label: string,
  job: BuildJob,
): Promise<SmokeResult> {
  const kind: SmokeKind =
    test.health !== undefined ? "compose-healthcheck" : hasHealthcheck ? "healthcheck" : "stays-up";
  const checked = kind !== "stays-up";
  const own = test.health === undefined ? [] : ["--health-cmd", shellWords(test.health)];
  // Asked often, so that a test does not take as long as a monitor may.
  const often = checked && builder.program === "docker" ? ["--health-interval", "1s", "--health-retries", "12"] : [];
  const started = await runTool(
    builder.program,
    ["run", "--detach", "--label", label, ...options, ...own, ...often, name],
    { ...job, milliseconds: test.milliseconds },
  );
  const id = started.output.trim().split("\n").at(-1) ?? "";
  if (started.status !== 0 || id === "")
    return { ok: false, kind, detail: `the container does not start${lastLines(started.said)}` };
  const begun = performance.now();
  for (;;) {
    await wait(250, undefined, job.signal ? { signal: job.signal } : {});
    const state = await stateOf(id, checked, builder, job);
    const elapsed = performance.now() - begun;
    const fails = async (why: string): Promise<SmokeResult> => ({
      ok: false,
      kind,
      detail: `${why}${await logsOf(id, builder, job)}`,
    });
    if (!state) return fails("the container is gone");
    if (!state.running && !checked && state.exitCode === 0)
      return { ok: true, kind: "ends-well", detail: "the container does its work and ends with 0" };
    if (!state.running) return fails(`the container ended with ${state.exitCode}`);
    if (state.health === "unhealthy") return fails("the health check fails");
    if (state.health === "healthy") return { ok: true, kind, detail: "the health check passes" };
    if (!checked && elapsed >= test.stayUpMilliseconds)
      return { ok: true, kind, detail: `the container starts and stays up for ${test.stayUpMilliseconds / 1000} s` };
    if (elapsed >= test.milliseconds)
      return fails(`the health check does not pass within ${Math.round(test.milliseconds / 1000)} s`);
  }
}

async function stateOf(id: string, checked: boolean, builder: Builder, job: BuildJob): Promise<State | undefined> {
  const health = builder.program === "docker" ? "{{with .State.Health}}{{.Status}}{{end}}" : "";
  const format = `{{.State.Running}} {{.State.ExitCode}} ${health}`;
  const { status, output } = await runTool(builder.program, ["inspect", "--format", format, id], {
    ...job,
    milliseconds: 30_000,
  });
  if (status !== 0) return undefined;
  const [running, exitCode, said = ""] = output.trim().split(" ");
  const up = running === "true";
  return {
    running: up,
    exitCode: Number(exitCode),
    health: builder.program === "docker" || !checked || !up ? said : await podmanHealth(id, builder, job),
  };
}

/** Podman leaves it to systemd to run health checks; where there is none nobody does. */
async function podmanHealth(id: string, builder: Builder, job: BuildJob): Promise<string> {
  const run = await runTool(builder.program, ["healthcheck", "run", id], { ...job, milliseconds: 30_000 });
  return run.status === 0 ? "healthy" : "starting";
}

async function logsOf(id: string, builder: Builder, job: BuildJob): Promise<string> {
  const run = await runTool(builder.program, ["logs", "--tail", "5", id], { ...job, milliseconds: 30_000 });
  return lastLines(run.said);
}

function lastLines(text: string): string {
  const last = text.trim().split("\n").slice(-5).join("\n").slice(-1000);
  return last === "" ? "" : `: ${last}`;
}

/** For the shell of the container. */
function shellWords(health: string | readonly string[]): string {
  return typeof health === "string"
    ? health
    : health.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
}
