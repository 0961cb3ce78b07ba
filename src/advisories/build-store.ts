import { createHash } from "node:crypto";
import { join } from "node:path";
import { PlimsollError, type RandomAccess } from "../core/index.ts";
import { kindOf, listFiles, openRandomFile } from "../host/index.ts";
import type { Feed, FeedSurroundings } from "./feeds/feed.ts";
import { builtInFeeds } from "./feeds/list.ts";
import { builtInSchemes } from "./schemes/list.ts";
import { storeItems } from "./store/walk.ts";
import { createStoreBuilder, type StoreBuilder } from "./store/build.ts";
import { ecosystemFamily } from "./ecosystem.ts";
import type { Advisory } from "./advisory.ts";
import { readSmallFile } from "./small-file.ts";
import type { StoreFeed } from "./store/store.ts";

export interface BuildOptions {
  /** Leave out every ecosystem but these; a name without release takes all its releases. Without it: those the folder is of. */
  readonly ecosystems?: readonly string[];
  /** Only these files of the folder, by their paths in it; without it all that some feed reads. */
  readonly files?: ReadonlySet<string>;
  /** A store from which is taken what the folder has no file of: severities by id, and advisories about runtimes. */
  readonly base?: string;
  /** Facts only, for passing on: no texts that somebody wrote. */
  readonly withoutProse?: boolean;
}

/** Files below a folder that are looked at; a bucket with every record on its own has some hundreds of thousands. */
const limits = { most: 2_000_000, depth: 3 };

/**
 * Makes a store from a folder laid out like the OSV bucket, with the other feeds' files in folders of their own. The same
 * folder gives the same bytes. Whatever fails, `output` is either as it was or the whole new store.
 * @throws PlimsollError target.missing, feed.invalid, feed.limit, output.unwritable
 */
export function buildStore(from: string, output: string, options: BuildOptions = {}): void {
  if (kindOf(from) !== "directory")
    throw new PlimsollError("target.missing", `${from} is not a directory`, {
      hint: "name a folder with ecosystems in it: npm/all.zip, Debian/all.zip, …",
    });
  const builder = createStoreBuilder(output);
  try {
    const sources = listFiles(from, limits).flatMap((path) => {
      const feed = builtInFeeds.find((candidate) => candidate.reads(path));
      return feed && (options.files?.has(path) ?? true) ? [{ path, feed }] : [];
    });
    const ecosystems = options.ecosystems ?? sources.flatMap(({ path, feed }) => feed.about(path) ?? []);
    const taken = options.base === undefined ? [] : takeOver(options.base, sources, ecosystems, builder);
    const read = sources.map(({ path, feed }) => readFile(from, path, feed, builder, { ...options, ecosystems }));
    if (read.length === 0)
      throw new PlimsollError("feed.invalid", `${from} holds no advisories`, {
        hint: "name a folder with ecosystems in it: npm/all.zip, Debian/all.zip, …",
      });
    builder.finish([...joinSingles(read), ...taken]);
  } finally {
    builder.discard();
  }
}

/** Publishers of some parts offer them nowhere in a form to be fetched: they come with Plimsoll, and would go with the first update. */
function takeOver(
  base: string,
  sources: readonly { readonly feed: Feed }[],
  ecosystems: readonly string[],
  builder: StoreBuilder,
): readonly StoreFeed[] {
  const has = (id: string): boolean => sources.some(({ feed }) => feed.id === id);
  const withFacts = !has("cvss");
  const withRuntimes = !has("runtimes") && ecosystems.includes("runtimes");
  if (!withFacts && !withRuntimes) return [];
  const file = openRandomFile(base);
  let items = 0;
  try {
    for (const item of storeItems(file)) {
      if (item.kind === "facts" && withFacts && item.facts.severities.length > 0) {
        builder.describe(item.id, { severities: item.facts.severities });
        items++;
      } else if (item.kind === "package" && withRuntimes && item.ecosystem === "runtimes") {
        for (const advisory of item.advisories) builder.add(advisory, 0);
        items += item.advisories.length;
      }
    }
    const licence = "see NOTICE";
    return [{ id: "starter", file: "starter store", publisher: "Plimsoll", licence, sha256: checksum(file), items }];
  } finally {
    file.close();
  }
}

function readFile(from: string, path: string, feed: Feed, builder: StoreBuilder, options: BuildOptions): StoreFeed {
  const file = openRandomFile(join(from, path));
  try {
    const rank = feed.rank * 2 + (path.endsWith("all.zip") ? 0 : 1);
    let items = 0;
    for (const item of feed.read(file, surroundings(from, path))) {
      if (item.kind === "facts") builder.describe(item.id, item.facts);
      else {
        const advisory = reduce(item.advisory, options);
        if (!advisory) continue;
        builder.add(advisory, rank);
      }
      items++;
    }
    const { id, publisher, licence } = feed;
    return { id, file: path, publisher, licence, sha256: checksum(file), items };
  } finally {
    file.close();
  }
}

/**
 * Without the ecosystems that were not asked for (a record about several stands in each folder, and that one of them is there
 * does not mean that the others' advisories are), and without prose where none is wanted.
 */
function reduce(advisory: Advisory, { ecosystems = [], withoutProse }: BuildOptions): Advisory | undefined {
  const affected = advisory.affected.filter(
    ({ ecosystem }) => ecosystems.includes(ecosystem) || ecosystems.includes(ecosystemFamily(ecosystem)),
  );
  if (affected.length === 0) return undefined;
  if (!withoutProse) return { ...advisory, affected };
  const { summary: _, ...facts } = advisory;
  return { ...facts, affected };
}

function surroundings(from: string, path: string): FeedSurroundings {
  return {
    path,
    text: (other) => readSmallFile(join(from, other)),
    scheme: (ecosystem) => builtInSchemes.find(({ ecosystems }) => ecosystems.includes(ecosystem)),
  };
}

/** Records that each were a file of their own count as one source for each folder. */
function joinSingles(read: readonly StoreFeed[]): readonly StoreFeed[] {
  const joined = new Map<string, StoreFeed>();
  for (const feed of read) {
    const single = feed.id === "osv" && feed.file.endsWith(".json");
    const file = single ? feed.file.replace(/[^/]+$/, "*.json") : feed.file;
    const before = joined.get(file);
    const sha256 = before ? createHash("sha256").update(before.sha256).update(feed.sha256).digest("hex") : feed.sha256;
    joined.set(file, { ...feed, file, sha256, items: feed.items + (before?.items ?? 0) });
  }
  return [...joined.values()];
}

function checksum(file: RandomAccess): string {
  const hash = createHash("sha256");
  for (let at = 0; at < file.size; at += 1 << 20) hash.update(file.read(at, 1 << 20));
  return hash.digest("hex");
}
