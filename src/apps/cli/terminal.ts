import { fstatSync, statSync, writeSync } from "node:fs";
import { createColors } from "picocolors";
import { escapeControls, escapeLine, formatBytes } from "../../report/index.ts";

/** Where a command prints: results to standard output, everything else to standard error. */
export interface Terminal {
  readonly color: boolean;
  readonly width: number;
  out(text: string): void;
  note(text: string): void;
  error(code: string, message: string, hint?: string): void;
  /** How far something is that takes its time: nothing in the first half second, nor where nobody watches. */
  readonly progress: (what: string, bytes: number) => void;
}

/** Colours are on for a terminal, off with NO_COLOR or --no-color, and forced by FORCE_COLOR. */
export function openTerminal(argv: readonly string[]): Terminal {
  const { env } = process;
  const interactive = isTerminal();
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0" && env["FORCE_COLOR"] !== "";
  const refused = argv.includes("--no-color") || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const color = !refused && (forced || interactive);
  const colors = createColors(color);
  const line = progressLine(env["TERM"] !== "dumb");
  return {
    color,
    width: (interactive && process.stdout.columns) || 100,
    out: (text) => {
      line.clear();
      write(1, text);
    },
    note: (text) => {
      line.clear();
      write(2, `${text}\n`);
    },
    progress: line.show,
    error: (code, message, hint) => {
      line.clear();
      write(2, `${colors.red(`error[${code}]:`)} ${escapeControls(message)}\n`);
      if (hint !== undefined) write(2, `${colors.cyan("hint:")} ${escapeControls(hint)}\n`);
    },
  };
}

const quietFor = 500;
const between = 100;

/** One line on standard error, written over and over; milliseconds count from the first call. */
function progressLine(capable: boolean): { show(this: void, what: string, bytes: number): void; clear(): void } {
  let since: number | undefined;
  let last = 0;
  let shown = false;
  return {
    show: (what, bytes) => {
      const now = process.uptime() * 1000;
      since ??= now;
      if (now - since < quietFor || now - last < between || !capable || !process.stderr.isTTY) return;
      last = now;
      shown = true;
      write(2, `\r\u001b[K${escapeLine(what)}: ${formatBytes(bytes)}`);
    },
    clear: () => {
      if (shown) write(2, "\r\u001b[K");
      shown = false;
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
