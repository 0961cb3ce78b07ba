import { createHash } from "node:crypto";
import type { Digest, FileView } from "../../src/core/index.ts";
import { type FileEntry, type ImageConfig, type Merged, mergeLayers } from "../../src/image/index.ts";
import type { LayerFile, LayersExample, Rule, Subjects } from "../../src/rules/index.ts";
import { fileOf } from "./files.ts";
import { type Origin, weighImage } from "../../src/weight/index.ts";

const emptyConfig: ImageConfig = {
  user: "",
  env: [],
  entrypoint: [],
  cmd: [],
  workdir: "",
  exposedPorts: [],
  volumes: [],
  labels: {},
  hasHealthcheck: false,
  history: [],
};

/** What a rule sees of an example: its layers merged and weighed as those of an image are. */
export function subjectOf(
  example: Omit<LayersExample, "title" | "reports">,
  wanted: readonly Rule<"image">[],
): Subjects["image"] & {
  readonly merged: Merged;
  readonly scans: readonly { readonly entries: readonly FileEntry[] }[];
} {
  const base = example.base ?? 0;
  const scans = example.layers.map((files, index) => scanOf(files, index));
  const merged = mergeLayers(scans);
  const origins = scans.map((_, index): Origin => {
    if (index < base) return { kind: "base" };
    const text = example.instructions?.[index - base] ?? "RUN make-layer";
    const line = index + 2;
    const at = { kind: "source", path: "Dockerfile", range: { start: index * 10, end: index * 10 + 5 } } as const;
    return text === "" ? { kind: "unknown" } : { kind: "instruction", at, line, text, certainty: "aligned" };
  });
  return {
    merged,
    scans,
    image: {
      reference: example.reference ?? "app:1.2",
      digest: digestOf("image"),
      platform: { os: "linux", architecture: "amd64" },
      config: { ...emptyConfig, ...example.config },
      weight: weighImage(scans, merged, origins, base),
      packages: example.packages ?? [],
      vulnerabilities: example.vulnerabilities ?? [],
      ...(example.release ? { release: example.release } : {}),
    },
    files: merged.tree,
    contents: contentsOf(example, merged, wanted),
    symbols: new Map(
      example.layers.flatMap((files, layer) =>
        Object.entries(files).flatMap(([name, file]) => {
          if (typeof file !== "object" || file === null || !("size" in file)) return [];
          const { path } = entryOf(name, file, 0);
          const { symbols = 0, debug = 0, go = false } = file;
          return merged.tree.get(path)?.layer === layer ? [[path, { symbols, debug, go }] as const] : [];
        }),
      ),
    ),
    hidden: {
      all: merged.deaths.filter(({ entry }) => entry.type === "file"),
      open: ({ layer, entry }) => {
        const text = wanted.some((rule) => rule.wants?.(entry.path))
          ? fileIn(example.layers[layer] ?? {}, entry.path)
          : undefined;
        return typeof text === "string" ? fileOf(new TextEncoder().encode(text)) : undefined;
      },
    },
  };
}

type Layer = Readonly<Record<string, LayerFile>>;

/** What an example's layer has under a path. */
function fileIn(layer: Layer, path: string): LayerFile | undefined {
  return Object.entries(layer).find(([name]) => entryOf(name, 0, 0).path === path)?.[1];
}

function scanOf(files: Layer, index: number) {
  const entries: FileEntry[] = [];
  let at = 0;
  for (const [name, file] of Object.entries(files)) {
    const entry = entryOf(name, file, at);
    at = entry.raw[1];
    entries.push(entry);
  }
  return {
    diffId: digestOf(`layer ${index}`),
    entries,
    tarBytes: at + 1024,
    storedBytes: entries.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  };
}

function entryOf(name: string, file: LayerFile, at: number): FileEntry {
  const [, named = "", mode, uid, gid] = /^(.*?)(?: ([0-7]{3,4})(?: (\d+):(\d+))?)?$/.exec(name) ?? [];
  const path = named.replace(/\/$/, "");
  const slash = path.lastIndexOf("/") + 1;
  const size =
    typeof file === "number"
      ? file
      : typeof file === "string"
        ? Buffer.byteLength(file)
        : file && "size" in file
          ? file.size
          : 0;
  const common = {
    path,
    size,
    mode: Number.parseInt(mode ?? (named.endsWith("/") ? "755" : "644"), 8),
    uid: Number(uid ?? 0),
    gid: Number(gid ?? 0),
    mtime: 1_700_000_000,
    raw: [at, at + 512 + Math.ceil(size / 512) * 512] as const,
    storedBytes: Math.ceil(size / 3),
  };
  if (path.slice(slash) === ".wh..wh..opq") return { ...common, path: path.slice(0, slash - 1), type: "opaque" };
  if (file === null) return { ...common, type: "whiteout" };
  if (named.endsWith("/")) return { ...common, type: "directory" };
  if (typeof file === "object" && !("size" in file))
    return "same" in file
      ? { ...common, type: "hardlink", link: file.same }
      : { ...common, type: "symlink", link: file.link };
  return { ...common, type: "file", digest: digestOf(typeof file === "object" ? JSON.stringify(file) : String(file)) };
}

/** The texts of the files that the rules want, as a layer's reader would have kept them. */
function contentsOf(
  { layers }: Pick<LayersExample, "layers">,
  { tree }: Merged,
  rules: readonly Rule<"image">[],
): FileView {
  const written = layers.map(
    (layer) =>
      new Map(
        Object.entries(layer).flatMap(([name, file]) =>
          typeof file === "string" ? [[entryOf(name, file, 0).path, file] as const] : [],
        ),
      ),
  );
  const texts = new Map<string, Buffer>();
  for (const { path, entry, layer } of rules.length === 0 ? [] : tree.all()) {
    const text = written[layer]?.get(entry.path);
    if (entry.type === "file" && text !== undefined && rules.some((rule) => rule.wants?.(path)))
      texts.set(path, Buffer.from(text));
  }
  return {
    paths: [...texts.keys()].sort((a, b) => (a < b ? -1 : 1)),
    open: (path) => {
      const bytes = texts.get(path);
      return bytes && { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    },
  };
}

function digestOf(text: string): Digest {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
