export type { Cataloger, CatalogerExample } from "./cataloger.ts";
export { builtInCatalogers } from "./list.ts";
export type { Package } from "./package.ts";
export { formatPurl, type Purl, type PurlParts, parsePurl } from "./purl.ts";
