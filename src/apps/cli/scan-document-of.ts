import { resolve } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import {
  catalogKeepers,
  documentOf,
  type ExaminedImage,
  examineImage,
  foreignDocument,
  type ForeignScanner,
  keepsPackage,
  maximumReportBytes,
  readSbomFile,
  readScannerReport,
  runScanner,
  sbomSubject,
  sbomTarget,
  scanDirectory,
  scanDocument,
  scanImage,
  scanSbom,
  type ScanOptions,
  type ScanPolicy,
  selectsPackages,
} from "../../engine/index.ts";
import { displayPath, readDocument } from "../../host/index.ts";
import { builtInCatalogers } from "../../packages/index.ts";
import type { ScanDocument } from "../../report/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "./image-job.ts";
import { sourceDirectory } from "./scan-target.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

export interface ScanSource extends ImageOptions {
  readonly dockerfile?: string;
  readonly target?: string;
  readonly base?: string;
  readonly from?: string;
  readonly engine?: ForeignScanner;
  readonly image?: string;
  readonly includeDevDeps?: boolean;
}

/**
 * Scans what was asked for: an image, a directory of sources, or an image with another scanner's eyes. Nothing is left out yet.
 * @param settings opened when a store is needed, which another scanner's report is not
 * @throws PlimsollError usage.unknown-option where nothing was named, and what reading the target throws
 */
export async function scanDocumentOf(
  target: string | undefined,
  options: ScanSource,
  policy: ScanPolicy,
  settings: () => ScanOptions,
  terminal: Terminal,
): Promise<ScanDocument> {
  if (options.from !== undefined) {
    const name = options.from === "-" ? "standard input" : options.from;
    return ofReport(readDocument(options.from, name, maximumReportBytes), name, options, policy, terminal, target);
  }
  if (target === undefined)
    throw new PlimsollError("usage.unknown-option", "there is nothing to scan", {
      hint: "name an image, a directory, or a report: plimsoll scan debian:12",
    });
  if (options.engine !== undefined) {
    const text = await runScanner(options.engine, target, process.env);
    return ofReport(text, `what ${options.engine} printed`, options, policy, terminal);
  }
  const kept = selectsPackages(policy) ? { keeps: keptBy(policy) } : {};
  const bill = sbomTarget(target);
  if (bill !== undefined) {
    const sbom = readSbomFile(bill);
    const scanning = { ...settings(), ...kept };
    return documentOf(sbomSubject(sbom, bill), scanSbom(sbom, scanning), scanning);
  }
  const directory = sourceDirectory(target);
  if (directory !== undefined) {
    const catalogers = builtInCatalogers.filter(({ evidence }) => evidence === "declared");
    const path = resolve(directory);
    const developmentToo = options.includeDevDeps ?? false;
    return scanDirectory(path, displayPath(process.cwd(), path), {
      ...settings(),
      ...kept,
      catalogers,
      developmentToo,
    });
  }
  const scanning = { ...settings(), ...kept };
  const examined = await examine(target, options, terminal, scanning);
  return scanDocument(examined, scanImage(examined, scanning), scanning);
}

function keptBy(policy: ScanPolicy): NonNullable<ScanOptions["keeps"]> {
  return (one) => keepsPackage(policy, one);
}

async function ofReport(
  text: string,
  name: string,
  options: ScanSource,
  { today }: ScanPolicy,
  terminal: Terminal,
  target?: string,
): Promise<ScanDocument> {
  const report = readScannerReport(text, name, today);
  const image = options.image ?? target;
  const examined = image === undefined ? undefined : await examine(image, options, terminal);
  const { dockerfile, stage } = options.dockerfile === undefined ? {} : builtFrom(options);
  return foreignDocument(report, {
    today,
    version,
    ...(examined ? { examined } : {}),
    ...(dockerfile ? { dockerfile } : {}),
    ...(stage === undefined ? {} : { stage }),
  });
}

function examine(
  target: string,
  options: ScanSource,
  terminal: Terminal,
  scanning?: ScanOptions,
): Promise<ExaminedImage> {
  return examineImage(
    {
      target,
      choice: platformChoice(options),
      ...(scanning ? { keepers: catalogKeepers(scanning.catalogers) } : {}),
      ...builtFrom(options),
      ...(options.base === undefined ? {} : { base: options.base }),
    },
    openJob(options, terminal),
  );
}
