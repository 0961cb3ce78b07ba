import type { Reporter } from "./reporter.ts";
import * as list from "./reporters/list.ts";
import type { ScanReporter } from "./scan-reporter.ts";
import * as scanList from "./scan-reporters/list.ts";

export type { BaseDocument } from "./base-document.ts";
export { renderBases } from "./base-text.ts";
export type { PlanDocument } from "./plan-document.ts";
export { renderNextActions, renderPlan } from "./plan-text.ts";
export { buildReport, type DescribedRule, type ReportInput } from "./build.ts";
export { codeSpan, escapeControls, escapeLine, escapeMarkdown, formatBytes } from "./escape.ts";
export type { Report, ReportedFinding, ReportedImage, ReportedRule, ReportedSubject } from "./report.ts";
export type { BudgetResult, WeightDocument } from "./weight-document.ts";
export type {
  DifferenceDocument,
  DifferenceSide,
  PackageChange,
  VulnerabilityChange,
  VulnerabilityChanges,
} from "./difference.ts";
export { renderDifference } from "./difference-text.ts";
export type {
  ScanDocument,
  ScannedMatch,
  ScannedPackage,
  ScannedRelease,
  ScanTarget,
  SuppressedMatch,
} from "./scan-document.ts";
export { explainScan } from "./scan-explain.ts";
export type { ScanRenderOptions, ScanReporter } from "./scan-reporter.ts";
export { syntaxRule } from "./syntax-rule.ts";
export type { BillSubject } from "./scan-sbom/bill.ts";
export { cyclonedx } from "./scan-reporters/cyclonedx.ts";
export { spdxJson } from "./scan-reporters/spdx-json.ts";
export { renderWeight } from "./weight-text.ts";
export type { RenderOptions, Reporter } from "./reporter.ts";

/** Every output format, sorted by id. */
export const reporters: readonly Reporter[] = Object.values(list).sort((a, b) => (a.id < b.id ? -1 : 1));

/** Every output format of a scan, sorted by id. */
export const scanReporters: readonly ScanReporter[] = Object.values(scanList).sort((a, b) => (a.id < b.id ? -1 : 1));
export { type OpenVexOptions, renderOpenVex } from "./openvex.ts";
export type { FixedAdvisory, ProofConditions, ProofDocument, ProvedAction, ProvedSide } from "./proof.ts";
export { renderProofMarkdown } from "./proof-markdown.ts";
export { renderProof } from "./proof-text.ts";
