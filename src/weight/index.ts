export { openBuildContext } from "./context.ts";
export { type ContextWeight, weighContext } from "./context-weight.ts";
export { memoryContext } from "./memory-context.ts";
export type { Bytes, LayerWeight, Origin, Waste, WeightReport } from "./report.ts";
export { weighImage } from "./weigh.ts";
