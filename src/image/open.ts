import { type Gap, PlimsollError } from "../core/index.ts";
import { isDigest } from "./digest.ts";
import type { HistoryEntry, Image, ImageBlobs, ImageConfig, Layer } from "./image.ts";
import { type Json, listOf, objectOf, parseObject, textMapOf, textOf, textsOf } from "./json.ts";
import type { Limits } from "./limits.ts";

/** Builds the image on what a source gives: reads its configuration and holds layers and diff ids together. */
export function openImage(blobs: ImageBlobs, limits: Limits): Image {
  const config = parseObject(blobs.config, "the image's configuration");
  const diffIds = listOf(objectOf(config["rootfs"])?.["diff_ids"]);
  if (diffIds.length !== blobs.layers.length)
    throw new PlimsollError(
      "image.invalid",
      `the configuration tells of ${diffIds.length} layers, the manifest of ${blobs.layers.length}`,
      { hint: "this may be no container image but another artifact" },
    );
  if (diffIds.length > limits.layers)
    throw new PlimsollError("image.limit", `the image has more than ${limits.layers} layers`);
  const gaps: Gap[] = [...(blobs.gaps ?? [])];
  const layers = blobs.layers.map((stored, index): Layer => {
    const diffId = diffIds[index];
    if (!isDigest(diffId)) throw new PlimsollError("image.invalid", `the diff id of layer ${index + 1} is no digest`);
    if (stored.absent !== undefined) gaps.push({ subject: `layer ${index + 1}`, reason: stored.absent });
    return { ...stored, diffId, read: () => blobs.readLayer(index) };
  });
  const variant = textOf(config["variant"]);
  return {
    reference: blobs.reference,
    digest: blobs.digest,
    platform: {
      os: textOf(config["os"]) ?? "unknown",
      architecture: textOf(config["architecture"]) ?? "unknown",
      ...(variant ? { variant } : {}),
    },
    config: readConfig(config),
    configBytes: blobs.config,
    layers,
    attestations: blobs.attestations,
    ...(blobs.provenance ? { provenance: blobs.provenance } : {}),
    annotations: blobs.annotations,
    gaps,
    close: () => blobs.close(),
  };
}

/** OCI image specification, "Image Configuration"; what is missing or of the wrong type counts as not said. */
function readConfig(config: Json): ImageConfig {
  const inner = objectOf(config["config"]) ?? {};
  const created = textOf(config["created"]);
  const health = textsOf(objectOf(inner["Healthcheck"])?.["Test"]);
  return {
    user: textOf(inner["User"]) ?? "",
    env: textsOf(inner["Env"]),
    entrypoint: textsOf(inner["Entrypoint"]),
    cmd: textsOf(inner["Cmd"]),
    workdir: textOf(inner["WorkingDir"]) ?? "",
    exposedPorts: Object.keys(objectOf(inner["ExposedPorts"]) ?? {}),
    volumes: Object.keys(objectOf(inner["Volumes"]) ?? {}),
    labels: textMapOf(inner["Labels"]),
    hasHealthcheck: health.length > 0 && health[0] !== "NONE",
    ...(created === undefined ? {} : { created }),
    history: listOf(config["history"]).map((one): HistoryEntry => {
      const entry = objectOf(one) ?? {};
      return { createdBy: textOf(entry["created_by"]) ?? "", emptyLayer: entry["empty_layer"] === true };
    }),
  };
}
