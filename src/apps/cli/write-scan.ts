import { PlimsollError } from "../../core/index.ts";
import { writeFileAtomically } from "../../host/index.ts";
import { type ScanDocument, type ScanRenderOptions, type ScanReporter, scanReporters } from "../../report/index.ts";
import type { Terminal } from "./terminal.ts";

export interface ScanOutputOptions {
  readonly format: string;
  /** FILE, or FORMAT=FILE to write several at once; "-" is standard output. */
  readonly output?: readonly string[];
  readonly quiet?: boolean;
  readonly showSuppressed?: boolean;
}

interface ScanOutput {
  readonly reporter: ScanReporter;
  /** Standard output when absent. */
  readonly path?: string;
}

/**
 * Renders a scan in every format asked for. What goes to files leaves standard output to the text, unless that has a file too.
 * @throws PlimsollError usage.unknown-option, output.unwritable
 */
export function writeScan(document: ScanDocument, options: ScanOutputOptions, terminal: Terminal): void {
  const stamp = timestamp();
  for (const { reporter, path } of scanOutputs(options)) {
    const render: ScanRenderOptions = {
      color: terminal.color && path === undefined,
      width: terminal.width,
      quiet: options.quiet ?? false,
      showSuppressed: options.showSuppressed ?? false,
      ...(stamp === undefined ? {} : { timestamp: stamp }),
    };
    const rendered = reporter.render(document, render);
    if (path === undefined) terminal.out(rendered);
    else {
      writeFileAtomically(path, rendered);
      if (!options.quiet) terminal.note(`wrote ${path}`);
    }
  }
}

/** SOURCE_DATE_EPOCH as the moment that formats demand. */
export function timestamp(): string | undefined {
  const epoch = Number(process.env["SOURCE_DATE_EPOCH"]);
  const valid = Number.isSafeInteger(epoch) && epoch > 0 && epoch < 253_402_300_800;
  return valid ? new Date(epoch * 1000).toISOString() : undefined;
}

/** What is to be written, settled before the work begins: a format that does not exist must not cost a scan. */
export function scanOutputs({ format, output = [] }: ScanOutputOptions): readonly ScanOutput[] {
  const byId = new Map(scanReporters.map((one) => [one.id, one]));
  const found = output.map((asked): ScanOutput => {
    const equals = asked.indexOf("=");
    const named = equals > 0 ? byId.get(asked.slice(0, equals)) : undefined;
    const path = named ? asked.slice(equals + 1) : asked;
    const reporter = named ?? byId.get(format);
    if (!reporter) throw unknownFormat(format);
    if (path === "")
      throw new PlimsollError("usage.unknown-option", `--output ${asked} names no file`, {
        hint: "write it like --output sarif=scan.sarif",
      });
    return path === "-" ? { reporter } : { reporter, path };
  });
  if (found.length > 0) return found;
  const reporter = byId.get(format);
  if (!reporter) throw unknownFormat(format);
  return [{ reporter }];
}

function unknownFormat(format: string): PlimsollError {
  return new PlimsollError("usage.unknown-option", `${format} is no output format`, {
    hint: `known are ${scanReporters.map(({ id }) => id).join(", ")}`,
  });
}
