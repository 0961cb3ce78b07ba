// The commands that look into images: a bundle of its own, which program.ts is to load lazily, by an import() of this file, so
// that `check` and `fix` start as fast as they would without it.
export { imageChecker, imageRules } from "./check-images.ts";
export { base } from "./commands/base.ts";
export { cache } from "./commands/cache.ts";
export * as db from "./commands/db.ts";
export { diff } from "./commands/diff.ts";
export { files } from "./commands/files.ts";
export { prove, proveFix } from "./commands/prove.ts";
export { plan } from "./commands/plan.ts";
export { nextActions } from "./next-actions.ts";
export { slim } from "./commands/slim.ts";
export { sbom } from "./commands/sbom.ts";
