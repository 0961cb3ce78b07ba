import { chooseStore } from "../../../advisories/index.ts";
import { PlimsollError, type Severity, severities, severityRank } from "../../../core/index.ts";
import {
  catalogKeepers,
  documentOf,
  examineImage,
  readSbomFile,
  sbomSubject,
  sbomTarget,
  scanDocument,
  scanImage,
  type ScanOptions,
  scanSbom,
} from "../../../engine/index.ts";
import { cacheDirectory } from "../../../host/index.ts";
import { builtInCatalogers } from "../../../packages/index.ts";
import { explainScan, type ScanDocument } from "../../../report/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import { today } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { scanOutputs, type ScanOutputOptions, writeScan } from "../write-scan.ts";

export interface ScanCommandOptions extends ImageOptions, Omit<ScanOutputOptions, "quiet"> {
  readonly store?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly base?: string;
  readonly failOn?: Severity | "none";
  /** A vulnerability whose matches are explained, in place of a report. */
  readonly explain?: string;
}

const statuses = { pass: 0, fail: 1, incomplete: 3 } as const;

/** `plimsoll scan IMAGE`. */
export async function scan(target: string, options: ScanCommandOptions, terminal: Terminal): Promise<number> {
  scanOutputs(options);
  const settings = scanSettings(options);
  const found = await scanTarget(target, options, settings, terminal);
  const document: ScanDocument = { ...found, verdict: verdictOf(found, options.failOn ?? "high") };
  if (options.explain !== undefined) {
    const explained = explainScan(document, options.explain, terminal);
    if (explained === undefined)
      throw new PlimsollError("usage.unknown-option", `nothing in ${target} matches ${options.explain}`, {
        hint: `plimsoll db lookup ${options.explain} shows what is known of it`,
      });
    terminal.out(explained);
  } else writeScan(document, options, terminal);
  return statuses[document.verdict];
}

/** An image, or what a bill of materials says of one. */
async function scanTarget(
  target: string,
  options: ScanCommandOptions,
  settings: ScanOptions,
  terminal: Terminal,
): Promise<ScanDocument> {
  const bill = sbomTarget(target);
  if (bill !== undefined) {
    const sbom = readSbomFile(bill);
    return documentOf(sbomSubject(sbom, bill), scanSbom(sbom, settings), settings);
  }
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
  return scanDocument(examined, scanImage(examined, settings), settings);
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
