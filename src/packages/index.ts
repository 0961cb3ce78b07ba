export type { Cataloger, CatalogerExample } from "./cataloger.ts";
export { builtInCatalogers } from "./list.ts";
export type { Package } from "./package.ts";
