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
