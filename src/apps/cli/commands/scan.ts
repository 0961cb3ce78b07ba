import { requireAge } from "../../../advisories/index.ts";
import { applyScanPolicy, loadPolicy } from "../../../engine/index.ts";
import { PlimsollError } from "../../../core/index.ts";
import { explainScan, type ScanDocument } from "../../../report/index.ts";
import { type ScanSource, scanDocumentOf } from "../scan-document-of.ts";
import { scanPolicyOf, type ScanPolicyOptions, wholeNumber } from "../scan-options.ts";
import { scanSettings } from "../scan-settings.ts";
import { today } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { scanOutputs, type ScanOutputOptions, writeScan } from "../write-scan.ts";

export interface ScanCommandOptions extends ScanSource, ScanPolicyOptions, Omit<ScanOutputOptions, "quiet"> {
  readonly store?: string;
  readonly config?: string;
  /** A vulnerability whose matches are explained, in place of a report. */
  readonly explain?: string;
}

/** `plimsoll scan IMAGE`. */
export async function scan(
  target: string | undefined,
  options: ScanCommandOptions,
  terminal: Terminal,
): Promise<number> {
  scanOutputs(options);
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
  if (options.explain === undefined) writeScan(document, options, terminal);
  else terminal.out(explained(document, options.explain, terminal));
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

/** Why a vulnerability matches, or that nothing does. */
function explained(document: ScanDocument, id: string, terminal: Terminal): string {
  const text = explainScan(document, id, terminal);
  if (text === undefined)
    throw new PlimsollError("usage.unknown-option", `nothing in ${document.target.reference} matches ${id}`, {
      hint: `plimsoll db lookup ${id} shows what is known of it`,
    });
  return text;
}
