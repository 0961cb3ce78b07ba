export type { FileEntry } from "./entry.ts";
export { hiddenFiles, type HiddenFiles } from "./hidden-files.ts";
export { keptView, keptViews } from "./kept-view.ts";
export { type CacheOptions, type CacheStatus, type LayerCache, openLayerCache } from "./layer-cache.ts";
export { digestOf } from "./digest.ts";
export { findImage } from "./find.ts";
export type { DirectLayer, HistoryEntry, Image, ImageConfig, Layer } from "./image.ts";
export type { Kept, Keeper } from "./keeper.ts";
export type { Choice } from "./layout.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { type Cause, type Death, type Merged, mergeLayers } from "./merge.ts";
export { formatPlatform, parsePlatform, type Platform } from "./platform.ts";
export { type LayerScan, scanLayer } from "./scan.ts";
export { type DigestNeed, digestNeeded, scanDirect } from "./scan-direct.ts";
export { accessBytes } from "./spool.ts";
export { type RemoteManifest, RegistryClient } from "./registry/client.ts";
export { findCredential } from "./registry/credentials.ts";
export { formatReference, parseReference, type Reference } from "./registry/reference.ts";
export type { ImageSource, RegistryOptions, SourceJob } from "./source.ts";
export { imageSources } from "./sources/list.ts";
export { imageTargets } from "./targets/list.ts";
export {
  type Encoding,
  type PackedLayer,
  packPieces,
  packWhole,
  requireEncoding,
  storedLayer,
} from "./targets/pack-layer.ts";
export type { HeaderChange, Piece } from "./targets/piece.ts";
export { configType, type ImageTarget, manifestType, type OutputImage, type StagedImage } from "./targets/target.ts";
export { unpackLayer } from "./targets/unpack-layer.ts";
export type { FileTree, LiveFile } from "./tree.ts";
