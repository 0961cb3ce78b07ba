import { requireAge } from "../../../advisories/index.ts";
import { applyScanPolicy, loadPolicy } from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import { type ScanDocument, scanReporters } from "../../../report/index.ts";
import { type ScanSource, scanDocumentOf } from "../scan-document-of.ts";
import { scanPolicyOf, type ScanPolicyOptions, wholeNumber } from "../scan-options.ts";
import { scanSettings } from "../scan-settings.ts";
import { today } from "../start.ts";
import type { Terminal } from "../terminal.ts";

export interface ScanCommandOptions extends ScanSource, ScanPolicyOptions {
  readonly format: string;
  readonly output?: string;
  readonly store?: string;
  readonly config?: string;
  readonly showSuppressed?: boolean;
}

/** `plimsoll scan IMAGE`. */
export async function scan(
  target: string | undefined,
  options: ScanCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const root = process.cwd();
  const day = today();
  const { config } = options;
  const ignores = await loadPolicy(anyRule, {
    root,
    rules: [],
    today: day,
    ...(config === undefined ? {} : { config }),
  });
  const policy = await scanPolicyOf(options, { root, today: day, policy: ignores });
  const found = await scanDocumentOf(target, options, policy, () => scanSettings(options), terminal);
  const most = wholeNumber("--max-db-age", options.maxDbAge, 100_000);
  if (most !== undefined) requireAge(found.store.asOf, day, most);
  const document = applyScanPolicy(found, policy);
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
  return exitStatus(document, options);
}

/** Of the configuration only what it says of vulnerabilities counts: other rules are not known here, and need not be. */
const anyRule = {
  rules: [],
  resolve: (id: string) => [id === "vulnerable-package" ? "image-vulnerable-package" : id],
};

/** 0 pass, 1 or `--exit-code` for findings, `--exit-on-eol` for a distribution past its end, 3 for what was not examined. */
function exitStatus({ verdict, release }: ScanDocument, options: ScanPolicyOptions): number {
  if (verdict !== "fail") return verdict === "incomplete" ? 3 : 0;
  const onEnd = wholeNumber("--exit-on-eol", options.exitOnEol) ?? 0;
  if (release?.pastEnd && onEnd > 0) return onEnd;
  return wholeNumber("--exit-code", options.exitCode) ?? 1;
}
