import { fstatSync, statSync, writeSync } from "node:fs";
import { createColors } from "picocolors";
import { escapeControls } from "../../report/index.ts";

/** Where a command prints: results to standard output, everything else to standard error. */
export interface Terminal {
  readonly color: boolean;
  readonly width: number;
  out(text: string): void;
  note(text: string): void;
  error(code: string, message: string, hint?: string): void;
}

/** Colours are on for a terminal, off with NO_COLOR or --no-color, and forced by FORCE_COLOR. */
export function openTerminal(argv: readonly string[]): Terminal {
  const { env } = process;
  const interactive = isTerminal();
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "";
  const refused = argv.includes("--no-color") || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const color = !refused && (forced || interactive);
  const colors = createColors(color);
  return {
    color,
    width: (interactive && process.stdout.columns) || 100,
    out: (text) => write(1, text),
    note: (text) => write(2, `${text}\n`),
    error: (code, message, hint) => {
      write(2, `${colors.red(`error[${code}]:`)} ${escapeControls(message)}\n`);
      if (hint !== undefined) write(2, `${colors.cyan("hint:")} ${escapeControls(hint)}\n`);
    },
  };
}

/** Asked of the descriptor first: `process.stdout` is a stream to be built, 3 ms of a start whose output goes to a file. */
function isTerminal(): boolean {
  try {
    const output = fstatSync(1);
    return output.isCharacterDevice() && output.rdev !== statSync("/dev/null").rdev && process.stdout.isTTY;
  } catch {
    return process.stdout.isTTY;
  }
}

/** Writes all of it now: an exit must not cut a pipe short. A closed pipe (`| head`) is no error. */
function write(descriptor: number, text: string): void {
  let bytes: Uint8Array = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}
