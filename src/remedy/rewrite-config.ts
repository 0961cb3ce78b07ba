import { type Digest, PlimsollError } from "../core/index.ts";
import type { PlannedLayer } from "./rewriters/rewriter.ts";

type Json = Record<string, unknown>;

/** A layer that will be in the image, and what was planned of it. */
export interface ConfigLayer {
  readonly planned: PlannedLayer;
  readonly diffId: Digest;
}

/**
 * The configuration for new layers (OCI image specification, "Image Configuration"): `rootfs` and `history` follow the layers,
 * nothing else changes, times later than `epoch` (seconds since 1970) excepted. Keys are sorted. Throws `image.invalid`,
 * `image.limit`.
 */
export function rewriteConfig(bytes: Uint8Array, layers: readonly ConfigLayer[], epoch: number | undefined): Buffer {
  const config = parse(bytes);
  const rootfs = asObject(config["rootfs"]) ?? {};
  const before = Array.isArray(rootfs["diff_ids"]) ? rootfs["diff_ids"].length : 0;
  const created = clampTime(config["created"], epoch);
  const history = rewriteHistory(config["history"], before, layers, created, epoch);
  const { history: _, created: __, ...rest } = config;
  return Buffer.from(
    sortedJson({
      ...rest,
      ...(created === undefined ? {} : { created }),
      ...(history === undefined ? {} : { history }),
      rootfs: { ...rootfs, diff_ids: layers.map(({ diffId }) => diffId) },
    }),
  );
}

/** A JSON text of the value in which keys are sorted by code unit. Throws `image.limit` when it is nested too deep. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(sorted(value, 0));
}

/** The settings in which two configurations differ, but for `rootfs`, `history` and `created`; sorted. */
export function compareSettings(before: Uint8Array, after: Uint8Array): readonly string[] {
  const free = new Set(["rootfs", "history", "created"]);
  const a = parse(before);
  const b = parse(after);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !free.has(key) && sortedJson(a[key] ?? null) !== sortedJson(b[key] ?? null))
    .sort();
}

/**
 * An entry whose layer is gone is empty from now on, and a layer that takes the place of several gets an entry of its own. A
 * history that does not fit the layers is left out when they change: engines refuse one that tells of more than there are.
 */
function rewriteHistory(
  value: unknown,
  before: number,
  layers: readonly ConfigLayer[],
  created: unknown,
  epoch: number | undefined,
): readonly Json[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map((one) => asObject(one) ?? {});
  const full = entries.filter((entry) => entry["empty_layer"] !== true);
  if (full.length !== before) return layers.length === before ? entries : undefined;
  const standing = new Set(
    layers.flatMap(({ planned }) => (planned.createdBy === undefined ? planned.from.slice(0, 1) : [])),
  );
  let layer = 0;
  const told = entries.map((entry): Json => {
    const time = clampTime(entry["created"], epoch);
    const dated = time === undefined ? entry : { ...entry, created: time };
    if (entry["empty_layer"] === true || standing.has(layer++)) return dated;
    return { ...dated, empty_layer: true };
  });
  const added = layers.flatMap(({ planned: { createdBy } }): Json[] =>
    createdBy === undefined ? [] : [{ ...(created === undefined ? {} : { created }), created_by: createdBy }],
  );
  return [...told, ...added];
}

/** RFC 3339 times compare as times, whatever their zone; what is none stays as it is. */
function clampTime(value: unknown, epoch: number | undefined): unknown {
  if (epoch === undefined || typeof value !== "string") return value;
  return Date.parse(value) > epoch * 1000 ? new Date(epoch * 1000).toISOString() : value;
}

const deepest = 100;

function sorted(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new PlimsollError("image.limit", "the image's configuration is nested too deep");
  if (Array.isArray(value)) return value.map((one: unknown) => sorted(one, depth + 1));
  const object = asObject(value);
  if (!object) return value;
  const names = Object.keys(object).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(object[name], depth + 1)]));
}

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function parse(bytes: Uint8Array): Json {
  try {
    const config = asObject(JSON.parse(Buffer.from(bytes).toString("utf8")));
    if (config) return config;
  } catch {
    // Said below.
  }
  throw new PlimsollError("image.invalid", "the image's configuration is not the JSON it should be");
}
