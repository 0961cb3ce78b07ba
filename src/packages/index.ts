export { type Catalog, type CatalogFailure, type CatalogView, catalogFiles } from "./catalog.ts";
export type { Cataloger, CatalogerExample } from "./cataloger.ts";
export { builtInCatalogers } from "./list.ts";
export { osPurlIn } from "./reading/os-purl.ts";
export { isOsRelease, type OsRelease, parseOsRelease, readOsRelease } from "./os-release.ts";
export type { Package } from "./package.ts";
export { formatPurl, type Purl, type PurlParts, parsePurl } from "./purl.ts";
export { type Elf, readElf } from "./binary/elf.ts";
