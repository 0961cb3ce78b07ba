import { type Janitor, newRunId, startJanitor } from "../host/index.ts";
import { type BuildJob, type Builder, removeRun, runLabel, sweepDeadRuns } from "../remedy/index.ts";

/** One run of proofs with a builder: what it makes bears its label, and is gone when it ends however it ends. */
export interface ProofRun {
  readonly builder: Builder;
  readonly id: string;
  /** KEY=VALUE. */
  readonly label: string;
  readonly job: BuildJob;
  readonly janitor: Janitor;
  /** A name for one more image. */
  readonly nextTag: () => string;
}

/** Removes what runs that were killed have left, does the work, and leaves nothing behind. */
export async function withRun<T>(
  builder: Builder,
  { env, signal }: Pick<BuildJob, "env" | "signal">,
  work: (run: ProofRun) => Promise<T>,
): Promise<T> {
  const id = newRunId();
  const label = `${runLabel}=${id}`;
  const janitor = startJanitor(env);
  janitor.tell({ things: { program: builder.program, label } });
  const job: BuildJob = {
    env,
    ...(signal ? { signal } : {}),
    onGroup: (group, running) => {
      janitor.tell({ group, running });
    },
  };
  let images = 0;
  try {
    await sweepDeadRuns(builder, job);
    return await work({ builder, id, label, job, janitor, nextTag: () => `plimsoll-prove/${id}:${images++}` });
  } finally {
    await removeRun(builder, id, { env });
    janitor.dismiss();
  }
}
