import { PlimsollError } from "../../../core/index.ts";
import { formatBytes } from "../../../report/index.ts";
import { openCache } from "../image-job.ts";
import type { Terminal } from "../terminal.ts";

export interface CacheCommandOptions {
  readonly format: string;
  readonly clear?: boolean;
  readonly olderThan?: string;
}

/** `plimsoll cache`: what is kept of layers that were read, and `--clear`. */
export function cache(options: CacheCommandOptions, terminal: Terminal): number {
  const opened = openCache();
  const days = options.olderThan === undefined ? undefined : Number(options.olderThan);
  if (days !== undefined && !(days >= 0))
    throw new PlimsollError("usage.unknown-option", `--older-than ${options.olderThan} is no number of days`, {
      hint: "write it like --older-than 30",
    });
  const clears = options.clear ?? days !== undefined;
  const status = clears ? opened.clear(days) : opened.status();
  terminal.out(
    options.format === "json"
      ? `${JSON.stringify({ ...status, cleared: clears }, null, 2)}\n`
      : `${clears ? "removed " : ""}${status.layers} layer${status.layers === 1 ? "" : "s"}, ${formatBytes(status.bytes)}, in ${status.directory}\n`,
  );
  return 0;
}
