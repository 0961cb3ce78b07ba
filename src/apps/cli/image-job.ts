import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import type { ExamineJob, ExamineRequest } from "../../engine/index.ts";
import { cacheDirectory, displayPath, readTextFile } from "../../host/index.ts";
import { type Choice, defaultLimits, type LayerCache, openLayerCache, parsePlatform } from "../../image/index.ts";
import { type Dockerfile, parseDockerfile } from "../../syntax/index.ts";
import { tuneForLongRun } from "./long-run.ts";
import type { Terminal } from "./terminal.ts";
import { build } from "./version.ts";

/** What every command that looks into images takes. */
export interface ImageOptions {
  readonly platform?: string;
  /** False with --no-cache. */
  readonly cache?: boolean;
  readonly quiet?: boolean;
  /** REGISTRY=HOST. */
  readonly mirror?: readonly string[];
}

const gigabyte = 1e9;

/** Layers' scans, and what was worked out of them, are kept under Plimsoll's cache directory, 2 GB at most. */
export function openCache(): LayerCache {
  return openLayerCache({
    directory: join(cacheDirectory(), "layers"),
    maximumBytes: 2 * gigabyte,
    now: Date.now,
    ...(build === undefined ? {} : { program: build }),
  });
}

/** A job that ends with Ctrl-C, and says how far it is when it takes more than half a second. */
export function openJob(options: ImageOptions, terminal: Terminal): ExamineJob {
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort();
    process.exitCode = 130;
  });
  const cache = options.cache === false ? undefined : openCache();
  return {
    limits: defaultLimits,
    env: process.env,
    signal: stop.signal,
    ...(cache ? { cache } : {}),
    progress: (what, bytes) => {
      tuneForLongRun();
      if (!options.quiet) terminal.progress(what, bytes);
    },
    ...(options.mirror?.length ? { registries: { mirrors: mirrorsOf(options.mirror) } } : {}),
  };
}

function mirrorsOf(said: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const mirrors = new Map<string, string[]>();
  for (const one of said) {
    const [, registry, host] = /^([^=/\s]+)=([^=/\s]+)$/.exec(one) ?? [];
    if (registry === undefined || host === undefined)
      throw new PlimsollError("usage.unknown-option", `${one} names no mirror`, {
        hint: "write it like docker.io=mirror.example.com",
      });
    mirrors.set(registry, [...(mirrors.get(registry) ?? []), host]);
  }
  return Object.fromEntries(mirrors);
}

/** The platform asked for, else that of this machine (Linux, for there images of other systems are few). */
export function platformChoice({ platform }: ImageOptions): Choice {
  if (platform === undefined) {
    const architecture = { x64: "amd64", ia32: "386" }[process.arch as string] ?? process.arch;
    return { platform: { os: "linux", architecture }, platformAsked: false };
  }
  const parsed = parsePlatform(platform);
  if (!parsed)
    throw new PlimsollError("usage.unknown-option", `${platform} is no platform`, {
      hint: "write it like linux/amd64 or linux/arm/v7",
    });
  return { platform: parsed, platformAsked: true };
}

/** The Dockerfile that was named; else the one that lies here, which counts only where the image's history fits it. */
export function builtFrom(options: {
  readonly dockerfile?: string;
  readonly target?: string;
}): Pick<ExamineRequest, "dockerfile" | "stage" | "candidates"> {
  const stage = options.target === undefined ? {} : { stage: options.target };
  if (options.dockerfile !== undefined) return { dockerfile: readDockerfile(options.dockerfile), ...stage };
  const found = ["Dockerfile", "Containerfile"].find((name) => existsSync(name));
  if (found === undefined) return {};
  try {
    return { candidates: [readDockerfile(found)], ...stage };
  } catch {
    return {}; // nobody asked for it
  }
}

function readDockerfile(path: string): Dockerfile {
  const name = displayPath(process.cwd(), resolve(path));
  return parseDockerfile({ path: name, text: readTextFile(path, name) });
}
