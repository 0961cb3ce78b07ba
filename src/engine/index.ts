export { applyFixes, type FixLevels } from "./apply-fixes.ts";
export {
  check,
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
export { countMatches, type ImageScan, scanDocument, scanImage, type ScanOptions } from "./scan.ts";
export { pullStore, pushStore, type StoreArtifact } from "./store-artifact.ts";
