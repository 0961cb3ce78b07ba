import { archive } from "./archive.ts";
import { oci } from "./oci.ts";
import { registry } from "./registry.ts";
import type { ImageTarget } from "./target.ts";

/** Where images can be written to. */
export const imageTargets: readonly ImageTarget[] = [archive, oci, registry];
