export { type FindProblems, type FixOutcome, fixText } from "./fix.ts";
