export { applyFixes, type FixLevels } from "./apply-fixes.ts";
export { check, type CheckOutcome, type CheckRequest, type Examined, openTargets } from "./check.ts";
export { readConfig, readHadolintConfig } from "./config.ts";
export { createEngine, type Engine, type EngineParts, type LintResult, type LintSubject } from "./engine.ts";
export { collectIgnores, type InlineIgnores } from "./ignores.ts";
export { loadPolicy, type PolicyRequest, resolveRule } from "./load-policy.ts";
export { defaultPolicy, type PathIgnore, type Policy } from "./policy.ts";
