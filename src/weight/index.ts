export { openBuildContext } from "./context.ts";
export { type ContextWeight, weighContext } from "./context-weight.ts";
export { memoryContext } from "./memory-context.ts";
export type { Bytes, LayerWeight, Origin, Waste, WeightReport } from "./report.ts";
export { weighImage } from "./weigh.ts";
export { type Attribution, type AttributionFacts, attributeLayers } from "./attribute.ts";
export { type DiveFigures, diveFigures } from "./dive.ts";
export { type Heavy, heaviest } from "./heaviest.ts";
export { compareConfigs, compareTrees, type ConfigChange, type FileChange } from "./compare.ts";
