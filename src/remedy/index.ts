export type { BaseOption, MeasuredBase } from "./base-option.ts";
export { type FindProblems, type FixOutcome, fixText } from "./fix.ts";
