import * as imageList from "./image-list.ts";
import * as list from "./list.ts";
import type { Rule } from "./rule.ts";

export { isBuildTool } from "./reading/build-tools.ts";
export { imageUses } from "./reading/images.ts";
export { runRule } from "./run.ts";
export type {
  Aim,
  ImageFacts,
  Known,
  KnownVulnerability,
  LayerFile,
  LayersExample,
  ReleaseFacts,
  Risk,
  Rule,
  SitePolicy,
  Subjects,
  TextExample,
} from "./rule.ts";

/** Every rule about Dockerfiles, sorted by id. */
export const builtInRules: readonly Rule<"dockerfile">[] = /* @__PURE__ */ Object.values(list).sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

/** Every rule about images, sorted by id. */
export const builtInImageRules: readonly Rule<"image">[] = /* @__PURE__ */ Object.values(imageList).sort((a, b) =>
  a.id < b.id ? -1 : 1,
);

/** Site policy when nothing is said. */
export { defaultSitePolicy } from "./site-policy.ts";

export type { ContentClass } from "./reading/content-classes.ts";
export { filesOfClasses } from "./reading/image-census.ts";
