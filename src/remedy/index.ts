export type { BaseOption, MeasuredBase } from "./base-option.ts";
export { type FindProblems, type FixOutcome, fixText } from "./fix.ts";
export {
  type ImageMeasure,
  rewriteImage,
  type RewriteOutcome,
  type RewriteProof,
  type RewriteRequest,
} from "./rewrite-image.ts";
export { droppableClasses, filesToDrop } from "./rewriters/drop-classes.ts";
export { rewriters } from "./rewriters/list.ts";
export type { Rewriter } from "./rewriters/rewriter.ts";
