import { isDeadRun, runTool } from "../../host/index.ts";
import type { BuildJob, Builder } from "./builder.ts";

/** Everything that a proof makes in an engine bears this label, with the run's id; containers take it over from their image. */
export const runLabel = "dev.plimsoll.run";

const kinds = [
  { list: ["ps", "-aq"], inspect: ["inspect"], remove: ["rm", "-f", "-v"] },
  { list: ["images", "-q"], inspect: ["image", "inspect"], remove: ["rmi", "-f"] },
  { list: ["network", "ls", "-q"], inspect: ["network", "inspect"], remove: ["network", "rm"] },
  { list: ["volume", "ls", "-q"], inspect: ["volume", "inspect"], remove: ["volume", "rm", "-f"] },
] as const;

const milliseconds = 120_000;

/** Removes all that a run has made. It never rejects, and is not stopped by the job's signal. */
export function removeRun(builder: Builder, run: string, job: BuildJob): Promise<void> {
  return removeKinds(kinds, builder, `${runLabel}=${run}`, job);
}

/** Removes what bears a label and was started, with networks and volumes: all but images. */
export function removeStarted(builder: Builder, label: string, job: BuildJob): Promise<void> {
  return removeKinds(
    kinds.filter(({ list }) => list[0] !== "images"),
    builder,
    label,
    job,
  );
}

async function removeKinds(
  these: readonly (typeof kinds)[number][],
  builder: Builder,
  label: string,
  job: BuildJob,
): Promise<void> {
  for (const { list, remove } of these) {
    const found = await listLabelled(builder, list, label, job);
    if (found.length > 0) await runTool(builder.program, [...remove, ...found], { env: job.env, milliseconds });
  }
}

/** Removes what runs have left that were killed: those of this machine whose process is no more. It never rejects. */
export async function sweepDeadRuns(builder: Builder, job: BuildJob): Promise<void> {
  const dead = new Set<string>();
  for (const { list, inspect } of kinds) {
    const found = await listLabelled(builder, list, runLabel, job);
    if (found.length === 0) continue;
    const labels = inspect[0] === "network" || inspect[0] === "volume" ? ".Labels" : ".Config.Labels";
    const format = `{{index ${labels} "${runLabel}"}}`;
    const { output } = await runTool(builder.program, [...inspect, "--format", format, ...found], {
      env: job.env,
      milliseconds,
    });
    for (const run of output.split(/\s+/)) if (isDeadRun(run)) dead.add(run);
  }
  for (const run of dead) await removeRun(builder, run, job);
}

async function listLabelled(
  { program }: Builder,
  list: readonly string[],
  label: string,
  job: BuildJob,
): Promise<readonly string[]> {
  const { status, output } = await runTool(program, [...list, "--filter", `label=${label}`], {
    env: job.env,
    milliseconds,
  });
  return status === 0 ? [...new Set(output.split(/\s+/).filter(Boolean))] : [];
}
