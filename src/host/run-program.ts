import { spawn } from "node:child_process";

export interface ProgramRun {
  /** Undefined when it could not be started, was ended by a signal, took too long or said too much. */
  readonly status: number | undefined;
  readonly output: Uint8Array;
}

/** Runs a program, without a shell, with `input` on its standard input. Never rejects; what it says on standard error is dropped. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly input: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly milliseconds: number;
    readonly outputBytes: number;
  },
): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    const child = spawn(program, [...args], { env: { ...options.env }, stdio: ["pipe", "pipe", "ignore"] });
    let done = false;
    const finish = (status: number | undefined): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      child.stdout.destroy();
      if (status === undefined) child.kill("SIGKILL");
      resolve({ status, output: Buffer.concat(parts) });
    };
    const timer = setTimeout(() => {
      finish(undefined);
    }, options.milliseconds);
    child.on("error", () => {
      finish(undefined);
    });
    child.on("close", (status) => {
      finish(status ?? undefined);
    });
    child.stdout.on("data", (part: Buffer) => {
      length += part.length;
      if (length > options.outputBytes) finish(undefined);
      else parts.push(part);
    });
    // A program that ends without reading is no fault of ours.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input);
  });
}
