import { spawnSync } from "node:child_process";

/** One run of a program. */
export interface Run {
  /** Seconds by the clock, and of the processor: what else runs on the machine counts for the first alone. */
  readonly wall: number;
  readonly cpu: number;
  /** Peak, in MB. */
  readonly rss: number;
}

/**
 * Runs a program under /usr/bin/time; throws unless it ends with one of `statuses`.
 * @param times how often it is run for one figure: what takes less than a tenth of a second is lost in the hundredths that are told
 */
export function timedRun(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  statuses: readonly number[] = [0],
  times = 1,
): Run {
  const again =
    'times=$1; shift; while [ $times -gt 0 ]; do "$@" >/dev/null || status=$?; times=$((times-1)); done; exit ${status:-0}';
  const repeated = times === 1 ? [command, ...args] : ["sh", "-c", again, "sh", String(times), command, ...args];
  const start = process.hrtime.bigint();
  const run = spawnSync("/usr/bin/time", ["-q", "-f", "%U %S %M", ...repeated], {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9 / times;
  if (!statuses.includes(run.status ?? -1)) throw new Error(`${command} failed: ${run.stderr.slice(-300)}`);
  const [user = 0, system = 0, kilobytes = 0] = (run.stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { wall, cpu: (user + system) / times, rss: kilobytes / 1000 };
}

/** The median of each figure; of memory the most. */
export function median(runs: readonly Run[]): Run {
  const middle = (of: (run: Run) => number): number =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0;
  return {
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    rss: Math.max(...runs.map(({ rss }) => rss)),
  };
}

/** Runs several things in turn, so that what the machine does else is shared by all; the median of each. */
export function sideBySide<K extends string>(rounds: number, things: Readonly<Record<K, () => Run>>): Record<K, Run> {
  const names = Object.keys(things) as K[];
  const runs = new Map<K, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const name of names) runs.get(name)?.push(things[name]());
  return Object.fromEntries(names.map((name) => [name, median(runs.get(name) ?? [])])) as Record<K, Run>;
}

/** "1.23 s of the processor (0.98 s by the clock), peak 45 MB". */
export function formatRun({ wall, cpu, rss }: Run): string {
  return `${cpu.toFixed(3)} s of the processor (${wall.toFixed(2)} s by the clock), peak ${rss.toFixed(0)} MB`;
}
