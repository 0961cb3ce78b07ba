export { type BaseChoice, type BaseRequest, chooseBase } from "./base-choice.ts";
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
export { checkImage, type ImageCheck, joinFindings, ruleKeeper } from "./check-image.ts";
export { readConfig, readHadolintConfig } from "./config.ts";
export { createEngine, type Engine, type EngineParts, type LintResult, type LintSubject } from "./engine.ts";
export { collectIgnores, type InlineIgnores } from "./ignores.ts";
export { loadPolicy, type PolicyRequest, resolveRule } from "./load-policy.ts";
export { defaultPolicy, type PathIgnore, type Policy } from "./policy.ts";
export { type Budgets, diveDefaults, parseSize } from "./budgets.ts";
export { type ExaminedImage, examineImage, type ExamineJob, type ExamineRequest } from "./examine-image.ts";
export { differenceDocument } from "./difference.ts";
export { weightDocument } from "./weight-document.ts";
export { catalogImage, catalogKeepers, type PlacedPackage } from "./catalog-image.ts";
export { chooseActions } from "./choose-actions.ts";
export { proofDocument } from "./proof-document.ts";
export {
  type Buildable,
  type BuildSettings,
  type ProofOutcome,
  proveFixes,
  type ProveFixesRequest,
  proveImages,
  type ProveJob,
  provePair,
  type ProveRequest,
} from "./prove.ts";
export { billOf, countMatches, documentOf, type ImageScan, scanDocument, scanImage, type ScanOptions } from "./scan.ts";
export { readSbomFile, sbomSubject, sbomTarget, scanSbom } from "./scan-sbom.ts";
