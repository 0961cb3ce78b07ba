import type { Digest } from "../core/index.ts";
import { isDigest } from "./digest.ts";
import { objectOf, textMapOf, textOf, textsOf } from "./json.ts";
import type { Platform } from "./platform.ts";

/** A descriptor of an index or a manifest (OCI image specification, "Content Descriptors"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size?: number;
  readonly platform?: Platform;
  readonly annotations: Readonly<Record<string, string>>;
  readonly urls: readonly string[];
}

export function descriptorOf(value: unknown): Descriptor | undefined {
  const object = objectOf(value);
  const digest = object?.["digest"];
  if (!object || !isDigest(digest)) return undefined;
  const { size } = object;
  const platform = objectOf(object["platform"]);
  const os = textOf(platform?.["os"]);
  const architecture = textOf(platform?.["architecture"]);
  const variant = textOf(platform?.["variant"]);
  return {
    mediaType: textOf(object["mediaType"]) ?? "",
    digest,
    ...(typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
    ...(os && architecture ? { platform: { os, architecture, ...(variant ? { variant } : {}) } } : {}),
    annotations: textMapOf(object["annotations"]),
    urls: textsOf(object["urls"]),
  };
}
