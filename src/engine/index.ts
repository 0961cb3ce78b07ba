export { type BaseChoice, type BaseRequest, chooseBase } from "./base-choice.ts";
export { planProject, type PlanRequest } from "./plan-project.ts";
export { baseOfDockerfile, baseOfImage } from "./base-of.ts";
export { applyFixes, type FixLevels } from "./apply-fixes.ts";
export {
  check,
  contextRootOf,
  type CheckOutcome,
  type CheckRequest,
  type Examined,
  type ImagesChecked,
  openTargets,
} from "./check.ts";
export { checkImage, type ImageCheck, joinFindings, ruleKeeper, type ScannedFacts } from "./check-image.ts";
export { symbolKeeper } from "./symbol-keeper.ts";
export { scannedFacts } from "./scanned-facts.ts";
export { readConfig, readHadolintConfig } from "./config.ts";
export { createEngine, type Engine, type EngineParts, type LintResult, type LintSubject } from "./engine.ts";
export { collectIgnores, type InlineIgnores } from "./ignores.ts";
export { loadPolicy, namesSyntax, type PolicyRequest, resolveRule } from "./load-policy.ts";
export { defaultPolicy, type PathIgnore, type Policy } from "./policy.ts";
export { type Budgets, diveDefaults, parseSize } from "./budgets.ts";
export { type ExaminedImage, examineImage, type ExamineJob, type ExamineRequest } from "./examine-image.ts";
export { differenceDocument } from "./difference.ts";
export { weightDocument } from "./weight-document.ts";
export { catalogImage, catalogKeepers, type PlacedPackage } from "./catalog-image.ts";
export { countMatches } from "./count-matches.ts";
export { billOf, documentOf, type ImageScan, scanDocument, scanImage, type ScanOptions } from "./scan.ts";
export { applyScanPolicy } from "./scan-policy/apply-scan-policy.ts";
export { loadIgnores } from "./scan-policy/load-ignores.ts";
export { keepsPackage, selectsPackages } from "./scan-policy/keeps-package.ts";
export { defaultScanPolicy, type ScanPolicy } from "./scan-policy/scan-policy.ts";
export { trivyStatuses, unfixed } from "./scan-policy/trivy-statuses.ts";
export { scanDirectory } from "./scan-directory.ts";
export { foreignDocument } from "./scan-report/foreign-document.ts";
export { readScannerReport } from "./scan-report/read-scanner-report.ts";
export { type ForeignScanner, maximumReportBytes, runScanner } from "./scan-report/run-scanner.ts";
export { chooseActions } from "./choose-actions.ts";
export { proofDocument } from "./proof-document.ts";
export type { Buildable, BuildSettings, ProveJob, ProveRequest } from "./proof-bench.ts";
export { openBuildables } from "./open-buildables.ts";
export { proveProject } from "./prove-project.ts";
export { type ProofOutcome, proveFixes, type ProveFixesRequest, proveImages, provePair } from "./prove.ts";
export { readSbomFile, sbomSubject, sbomTarget, scanSbom } from "./scan-sbom.ts";
export { runShellcheck, type ShellcheckResult } from "./shellcheck.ts";
export { pullStore, pushStore, type StoreArtifact } from "./store-artifact.ts";
