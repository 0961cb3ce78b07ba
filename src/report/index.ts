import type { Reporter } from "./reporter.ts";
import * as list from "./reporters/list.ts";

export { buildReport, type ReportInput } from "./build.ts";
export { codeSpan, escapeControls, escapeLine, escapeMarkdown, formatBytes } from "./escape.ts";
export type { Report, ReportedFinding, ReportedImage, ReportedRule, ReportedSubject } from "./report.ts";
export type { BudgetResult, WeightDocument } from "./weight-document.ts";
export type { DifferenceDocument, DifferenceSide } from "./difference.ts";
export { renderDifference } from "./difference-text.ts";
export type {
  ScanDocument,
  ScannedMatch,
  ScannedPackage,
  ScannedRelease,
  ScanTarget,
  SuppressedMatch,
} from "./scan-document.ts";
export { renderScan, type ScanTextOptions } from "./scan-text.ts";
export { renderWeight } from "./weight-text.ts";
export type { RenderOptions, Reporter } from "./reporter.ts";

/** Every output format, sorted by id. */
export const reporters: readonly Reporter[] = Object.values(list).sort((a, b) => (a.id < b.id ? -1 : 1));
export { type OpenVexOptions, renderOpenVex } from "./openvex.ts";
export type { FixedAdvisory, ProofConditions, ProofDocument, ProvedAction, ProvedSide } from "./proof.ts";
export { renderProofMarkdown } from "./proof-markdown.ts";
export { renderProof } from "./proof-text.ts";
