import { check as runCheck, type Policy } from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import { reporters } from "../../../report/index.ts";
import type { SharedOptions } from "../options.ts";
import { policyFor, startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface CheckOptions extends SharedOptions {
  readonly format: string;
  readonly output?: string;
  readonly failOn?: Policy["failOn"];
}

const statuses = { pass: 0, fail: 1, incomplete: 3 } as const;

/** `plimsoll check [target…]`. */
export async function check(targets: readonly string[], options: CheckOptions, terminal: Terminal): Promise<number> {
  const engine = await startEngine();
  const policy = await policyFor(engine, options, options.failOn);
  const { report, texts } = await runCheck(engine, {
    root: process.cwd(),
    targets,
    policy,
    version,
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const reporter = reporters.find(({ id }) => id === options.format);
  const toFile = options.output !== undefined && options.output !== "-";
  const rendered =
    reporter?.render(report, {
      color: terminal.color && !toFile,
      width: terminal.width,
      texts,
      quiet: options.quiet ?? false,
    }) ?? "";
  if (toFile && options.output !== undefined) {
    writeFileAtomically(options.output, rendered);
    if (!options.quiet) terminal.note(`wrote ${options.output}`);
  } else terminal.out(rendered);
  return statuses[report.verdict];
}
