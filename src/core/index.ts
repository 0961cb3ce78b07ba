export { applyEdits, editsTouch } from "./edits.ts";
export { PlimsollError } from "./error.ts";
export { type ErrorCode, errorCodes } from "./error-codes.ts";
export type { BuildContext, ContextFile } from "./files.ts";
export type { Amount, Digest, Finding, Fix, Location, Problem, Severity } from "./finding.ts";
export { severities, severityRank } from "./finding.ts";
export type { Gap } from "./gap.ts";
export { LineIndex, type Position } from "./lines.ts";
export type { Edit, SourceRange, SourceText } from "./text.ts";
