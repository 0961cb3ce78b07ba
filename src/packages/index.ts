export { type Catalog, type CatalogFailure, type CatalogView, catalogFiles } from "./catalog.ts";
export type { Cataloger, CatalogerExample } from "./cataloger.ts";
export { builtInCatalogers } from "./list.ts";
export { isOsRelease, type OsRelease, parseOsRelease, readOsRelease } from "./os-release.ts";
export type { Package } from "./package.ts";
export { formatPurl, type Purl, type PurlParts, parsePurl } from "./purl.ts";
export { type Elf, readElf } from "./binary/elf.ts";
export { readSbom } from "./sbom/read-sbom.ts";
export { type Sbom, type SbomPackage, type SbomRelease, sbomLimits } from "./sbom/sbom.ts";
