/**
 * Plimsoll as a library. Start with {@link createEngine}; `engine.lint(texts)` is pure and synchronous, {@link check} reads a
 * project from disk, {@link applyFixes} gives the fixed texts.
 */
export {
  applyEdits,
  type BuildContext,
  type Edit,
  type ErrorCode,
  errorCodes,
  type Finding,
  type Fix,
  type Gap,
  LineIndex,
  type Location,
  PlimsollError,
  type Problem,
  type Severity,
  type SourceRange,
  type SourceText,
} from "./core/index.ts";
/** What is known of vulnerabilities, and how versions are compared: `scheme.compare(a, b)`, `scheme.valid(version)`. */
export {
  type Advisory,
  type AdvisoryStore,
  buildStore,
  builtInSchemes,
  chooseStore,
  matchPackages,
  type MatchRelease,
  type MatchResult,
  openStore,
  schemeFor,
  type VersionScheme,
  type VulnerabilityMatch,
} from "./advisories/index.ts";
/** Packages: {@link catalogFiles} runs {@link builtInCatalogers} over any tree of files. */
export {
  builtInCatalogers,
  type Cataloger,
  catalogFiles,
  type CatalogView,
  type Package,
  parsePurl,
} from "./packages/index.ts";
/**
 * Images: {@link examineImage} (with {@link catalogKeepers} among its keepers) reads one, {@link scanImage} says what is installed and
 * what is known against it, {@link scanDocument} makes one value of that, {@link applyScanPolicy} says what of it counts.
 */
export {
  applyScanPolicy,
  catalogKeepers,
  defaultScanPolicy,
  type ExaminedImage,
  examineImage,
  type ExamineJob,
  type ExamineRequest,
  type ImageScan,
  scanDirectory,
  scanDocument,
  scanImage,
  type ScanOptions,
  type ScanPolicy,
} from "./engine/index.ts";
export { defaultLimits, findImage, imageSources, openLayerCache, parsePlatform } from "./image/index.ts";
export type { ScanDocument, ScannedMatch, ScannedPackage, SuppressedMatch } from "./report/index.ts";
export {
  applyFixes,
  check,
  type CheckOutcome,
  type CheckRequest,
  createEngine,
  defaultPolicy,
  type Engine,
  type EngineParts,
  type FixLevels,
  type LintResult,
  type LintSubject,
  type Policy,
} from "./engine/index.ts";
export { readOfficialImages } from "./host/index.ts";
export type { FixOutcome } from "./remedy/index.ts";
export { type Report, type ReportedFinding, type Reporter, reporters } from "./report/index.ts";
export {
  builtInImageRules,
  builtInRules,
  defaultSitePolicy,
  type ImageFacts,
  type Known,
  type LayersExample,
  type Rule,
  type SitePolicy,
  type TextExample,
} from "./rules/index.ts";
export {
  type Dockerfile,
  type Instruction,
  parseDockerfile,
  parseDockerignore,
  type ShellCommand,
  type ShellScript,
  type Token,
  tokens,
  type Word,
} from "./syntax/index.ts";
export { memoryContext, openBuildContext } from "./weight/index.ts";
