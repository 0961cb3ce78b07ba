import { formatBytes, type Location, type Problem } from "../core/index.ts";
import type { Bytes } from "../weight/index.ts";
import type { ImageFacts } from "./rule.ts";

/** A place in an image: a file or directory, and the layer (from 0) that brought it. */
export function inImage({ reference, weight }: ImageFacts, layer?: number, file?: string): Location {
  const diffId = layer === undefined ? undefined : weight.layers[layer]?.diffId;
  return {
    kind: "image",
    image: reference,
    ...(diffId === undefined ? {} : { layer: diffId }),
    ...(file === undefined || file === "" ? {} : { file }),
  };
}

/** Whether a layer is the base's. */
export function isBaseLayer({ weight }: ImageFacts, layer: number): boolean {
  return layer < weight.baseLayers;
}

/** `...broughtBy(image, [[layer, "brings them"]])`: the Dockerfile lines of the layers, as far as they are known. */
export function broughtBy(
  { weight }: ImageFacts,
  layers: readonly (readonly [layer: number, does: string])[],
): Pick<Problem, "related"> {
  const related = layers.flatMap(([layer, does]) => {
    const origin = weight.layers[layer]?.origin;
    if (origin?.kind !== "instruction") return [];
    // The instruction itself is not quoted: it may hold a secret.
    const keyword = /^[A-Za-z]{2,11}\b/.exec(origin.text)?.[0].toUpperCase() ?? "the instruction";
    const doubt = origin.certainty === "index" ? " (by its place alone)" : "";
    return [{ at: origin.at, message: `${keyword} in line ${origin.line}${doubt} ${does}` }];
  });
  return related.length === 0 ? {} : { related };
}

/** `...weighing(bytes)`: the bytes of a problem, unpacked and as stored. */
export function weighing({ unpacked, stored }: Bytes): Pick<Problem, "bytes" | "storedBytes"> {
  return { bytes: { value: unpacked, basis: "measured" }, storedBytes: { value: stored, basis: "measured" } };
}

/** "18.2 MB (6.1 MB compressed)"; of layers that are stored as they are, "18.2 MB". */
export function sayBytes({ unpacked, stored }: Bytes): string {
  return stored < unpacked ? `${formatBytes(unpacked)} (${formatBytes(stored)} compressed)` : formatBytes(unpacked);
}

/** A name out of an image, short enough for a line. */
export function sayPath(path: string): string {
  return path.length <= 160 ? path : `${path.slice(0, 100)}…${path.slice(-50)}`;
}

/** "a, b, c and 14 more". */
export function sayNames(names: readonly string[], shown = 3): string {
  const more = names.length - shown;
  return `${names.slice(0, shown).map(sayPath).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The directory all of some paths lie in; "" when that is the root. */
export function commonDirectory(directories: readonly string[]): string {
  const [first = "", ...rest] = directories;
  let common = first;
  for (const directory of rest) {
    while (common !== "" && directory !== common && !directory.startsWith(`${common}/`))
      common = common.slice(0, Math.max(0, common.lastIndexOf("/")));
  }
  return common;
}
