import { chooseStore } from "../../../advisories/index.ts";
import { type Severity, severities, severityRank } from "../../../core/index.ts";
import { catalogKeepers, examineImage, scanDocument, scanImage, type ScanOptions } from "../../../engine/index.ts";
import { cacheDirectory, writeFileAtomically } from "../../../host/index.ts";
import { builtInCatalogers } from "../../../packages/index.ts";
import { type ScanDocument, scanReporters } from "../../../report/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import { today } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface ScanCommandOptions extends ImageOptions {
  readonly format: string;
  readonly output?: string;
  readonly store?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly base?: string;
  readonly failOn?: Severity | "none";
  readonly showSuppressed?: boolean;
}

const statuses = { pass: 0, fail: 1, incomplete: 3 } as const;

/** `plimsoll scan IMAGE`. */
export async function scan(target: string, options: ScanCommandOptions, terminal: Terminal): Promise<number> {
  const settings = scanSettings(options);
  const examined = await examineImage(
    {
      target,
      choice: platformChoice(options),
      keepers: catalogKeepers(settings.catalogers),
      ...builtFrom(options),
      ...(options.base === undefined ? {} : { base: options.base }),
    },
    openJob(options, terminal),
  );
  const found = scanDocument(examined, scanImage(examined, settings), settings);
  const document: ScanDocument = { ...found, verdict: verdictOf(found, options.failOn ?? "high") };
  const toFile = options.output !== undefined && options.output !== "-";
  const reporter = scanReporters.find(({ id }) => id === options.format);
  const rendered =
    reporter?.render(document, {
      color: terminal.color && !toFile,
      width: terminal.width,
      quiet: options.quiet ?? false,
      showSuppressed: options.showSuppressed ?? false,
    }) ?? "";
  if (toFile && options.output !== undefined) {
    writeFileAtomically(options.output, rendered);
    if (!options.quiet) terminal.note(`wrote ${options.output}`);
  } else terminal.out(rendered);
  return statuses[document.verdict];
}

/** What scanning needs beside the image: the catalogers for what is installed, and the store in use. */
export function scanSettings(options: { readonly store?: string }): ScanOptions {
  const path = options.store ?? process.env["PLIMSOLL_STORE"];
  return {
    catalogers: builtInCatalogers.filter(({ evidence }) => evidence === "installed"),
    store: chooseStore({ cache: cacheDirectory(process.env), ...(path ? { path } : {}) }),
    today: today(),
    version,
  };
}

function verdictOf({ matches, gaps }: ScanDocument, failOn: Severity | "none"): ScanDocument["verdict"] {
  const fails =
    failOn !== "none" &&
    matches.some(
      ({ level }) => severities.includes(level as Severity) && severityRank(level as Severity) <= severityRank(failOn),
    );
  return fails ? "fail" : gaps.length > 0 ? "incomplete" : "pass";
}
