import { spawn } from "node:child_process";

/** How a program ended, and the end of what it said. */
export interface ToolRun {
  /** Its exit status; undefined when it did not come to one. */
  readonly status: number | undefined;
  readonly ended: "exit" | "signal" | "time" | "missing";
  /** The last of its standard output, and of its standard output and error as they came; of each no more than `outputBytes`. */
  readonly output: string;
  readonly said: string;
}

export interface ToolOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  readonly milliseconds: number;
  /** Of each of the two texts that are kept; 256 KiB when not said. */
  readonly outputBytes?: number;
  readonly signal?: AbortSignal;
  /** Told the process group while it runs, so that somebody else can end it should this process be killed. */
  readonly onGroup?: (group: number, running: boolean) => void;
}

const patience = 3_000;

/**
 * Runs a program without a shell, in a process group of its own, so that Ctrl-C reaches it through `signal` alone: first asked
 * to end, and three seconds later made to, with all that it started. Rejects only with the reason of `signal`.
 */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolRun> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(reasonOf(signal));
  return new Promise((resolve, reject) => {
    const output = tail(options.outputBytes ?? 1 << 18);
    const said = tail(options.outputBytes ?? 1 << 18);
    const child = spawn(program, [...args], {
      cwd: options.directory,
      env: { ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let late = false;
    let forced: NodeJS.Timeout | undefined;
    const end = (): void => {
      if (forced) return;
      killGroup(child.pid, "SIGTERM");
      forced = setTimeout(() => {
        killGroup(child.pid, "SIGKILL");
        // A program that got away from its group may still hold the pipes.
        child.stdout.destroy();
        child.stderr.destroy();
      }, patience);
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, options.milliseconds);
    signal?.addEventListener("abort", end, { once: true });
    if (child.pid !== undefined) options.onGroup?.(child.pid, true);
    const finish = (run: Pick<ToolRun, "status" | "ended">): void => {
      clearTimeout(timer);
      clearTimeout(forced);
      signal?.removeEventListener("abort", end);
      if (child.pid !== undefined) options.onGroup?.(child.pid, false);
      if (signal?.aborted) reject(reasonOf(signal));
      else resolve({ ...run, output: output.text(), said: said.text() });
    };
    child.on("error", () => {
      finish({ status: undefined, ended: "missing" });
    });
    child.on("close", (status) => {
      finish({ status: status ?? undefined, ended: late ? "time" : status === null ? "signal" : "exit" });
    });
    child.stdout.on("data", (part: Buffer) => {
      output.add(part);
      said.add(part);
    });
    child.stderr.on("data", (part: Buffer) => {
      said.add(part);
    });
  });
}

/** A whole process group, where the system has such; else the program alone. */
export function killGroup(group: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    try {
      process.kill(group, signal);
    } catch {
      // It has ended already.
    }
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("stopped");
}

/** The last bytes of a stream. */
function tail(limit: number): { add(part: Buffer): void; text(): string } {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    add(part) {
      parts.push(part);
      length += part.length;
      if (length > 2 * limit) {
        parts = [Buffer.concat(parts).subarray(-limit)];
        length = limit;
      }
    },
    text: () => Buffer.concat(parts).subarray(-limit).toString("utf8"),
  };
}
