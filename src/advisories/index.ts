export type { Advisory, Affected, RangeEvent, StatedSeverity, VersionRange } from "./advisory.ts";
export type { VersionScheme } from "./scheme.ts";
export { builtInSchemes } from "./schemes/list.ts";
export { schemeFor } from "./schemes/scheme-for.ts";
