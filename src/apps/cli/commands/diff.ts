import {
  catalogKeepers,
  differenceDocument,
  examineImage,
  scanDocument,
  scanImage,
  type ScanOptions,
} from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import { renderDifference, type ScanDocument } from "../../../report/index.ts";
import { type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import { installedCatalogers, settingsAtHand } from "../scan-settings.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface DiffOptions extends ImageOptions {
  readonly format: string;
  readonly output?: string;
  /** Exit with 1 when a container could tell the images apart. */
  readonly exitCode?: boolean;
}

/** `plimsoll diff BEFORE AFTER`. */
export async function diff(before: string, after: string, options: DiffOptions, terminal: Terminal): Promise<number> {
  const job = openJob(options, terminal);
  const choice = platformChoice(options);
  const reading = { choice, digests: "all", keepers: catalogKeepers(installedCatalogers) } as const;
  const first = await examineImage({ target: before, ...reading }, job);
  const second = await examineImage({ target: after, ...reading }, job);
  const atHand = settingsAtHand();
  const scan = (examined: typeof first, settings: ScanOptions): ScanDocument =>
    scanDocument(examined, scanImage(examined, settings), settings);
  if ("reason" in atHand && !options.quiet) terminal.note(`packages are not compared: ${atHand.reason}`);
  const document =
    "settings" in atHand
      ? differenceDocument(first, second, version, [scan(first, atHand.settings), scan(second, atHand.settings)])
      : differenceDocument(first, second, version);
  const toFile = options.output !== undefined && options.output !== "-";
  const rendered =
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderDifference(document, { color: terminal.color && !toFile, quiet: options.quiet ?? false });
  if (toFile && options.output !== undefined) writeFileAtomically(options.output, rendered);
  else terminal.out(rendered);
  if (first.gaps.length > 0 || second.gaps.length > 0) return 3;
  return options.exitCode && (document.files.length > 0 || document.config.length > 0) ? 1 : 0;
}
