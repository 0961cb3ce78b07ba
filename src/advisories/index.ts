export type { Advisory, Affected, RangeEvent, StatedSeverity, VersionRange } from "./advisory.ts";
export { scoreOfVector, severityOfScore } from "./cvss/score.ts";
export { type CvssVector, parseVector } from "./cvss/vector.ts";
export { type EndOfLife, endOfLifeOf, isPastEnd } from "./end-of-life.ts";
export { detectRelease, type OsRelease, type ReadText } from "./release.ts";
export type { VersionScheme } from "./scheme.ts";
export { builtInSchemes } from "./schemes/list.ts";
export { schemeFor } from "./schemes/scheme-for.ts";
export { type ChosenSeverity, chooseSeverity, type SeverityQuestion } from "./severity.ts";
