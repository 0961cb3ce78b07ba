import { dirname, join } from "node:path";
import { type Gap, PlimsollError } from "../core/index.ts";
import { fetchFile, kindOf, removeLeftovers, removePath, takeLock, writeFileAtomically } from "../host/index.ts";
import { buildStore } from "./build-store.ts";
import type { Feed, FeedFile } from "./feeds/feed.ts";
import { builtInFeeds } from "./feeds/list.ts";
import { refreshBucket } from "./refresh-bucket.ts";
import { openStore } from "./store/open.ts";
import type { StoreInfo } from "./store/store.ts";
import { readSmallFile } from "./small-file.ts";

export interface UpdateRequest {
  /** The store to put in place. */
  readonly store: string;
  /** Where what was fetched is kept, so that the next update fetches only what changed. */
  readonly cache: string;
  /** "Debian", "npm", "Alpine:v3.20", …: nothing else is fetched. */
  readonly ecosystems: readonly string[];
  /** The store that ships with Plimsoll: what it has and no feed offers is kept. */
  readonly base?: string;
  /** One address with the layout of the folder that a store is built from, in place of every publisher's own. */
  readonly mirror?: string;
  /** By feed: its address, or "off". */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Bytes that have come of a file. */
  readonly progress?: (file: string, bytes: number) => void;
}

export interface UpdateOutcome {
  /** False: the publishers have nothing newer than the store. */
  readonly replaced: boolean;
  readonly info: StoreInfo;
  /** Feeds that could not be fetched; what was known of them before stands. */
  readonly gaps: readonly Gap[];
}

/**
 * Fetches what is newer and puts a new store in the place of the old one, which stays as it is and in use until then: whatever
 * goes wrong, and whenever the process dies, there is one or the other.
 * @throws PlimsollError store.busy, feed.unreachable, feed.invalid, feed.limit, output.unwritable
 */
export async function updateStore(request: UpdateRequest): Promise<UpdateOutcome> {
  const lock = takeLock(join(request.cache, "lock"));
  if (!lock)
    throw new PlimsollError("store.busy", "another update is running", { hint: "wait for it, or let it do the work" });
  try {
    removeLeftovers(dirname(request.store), ".plimsoll-store-");
    const built = join(request.cache, "built.json");
    const before = readSmallFile(built);
    // Until a store is built from what is fetched now, the files and the store in place do not belong together.
    removePath(built);
    const gaps: Gap[] = [];
    const files = new Set<string>();
    let changed = false;
    for (const feed of builtInFeeds) {
      const address = addressOf(feed, request);
      if (address === undefined) continue;
      for (const file of feed.files(request.ecosystems))
        changed = (await refresh(feed, file, address, request, files, gaps)) || changed;
    }
    const current = changed ? undefined : builtBefore(before, request, files);
    if (current) {
      writeFileAtomically(built, before ?? "");
      return { replaced: false, info: current, gaps };
    }
    buildStore(request.cache, request.store, {
      ecosystems: request.ecosystems,
      files,
      ...(request.base === undefined ? {} : { base: request.base }),
    });
    const info = infoOf(request.store);
    writeFileAtomically(
      built,
      JSON.stringify({ store: request.store, revision: info.revision, files: [...files].sort() }),
    );
    return { replaced: true, info, gaps };
  } finally {
    lock.release();
  }
}

function addressOf(feed: Feed, { mirror, addresses = {} }: UpdateRequest): string | undefined {
  const address = addresses[feed.id] ?? mirror ?? feed.address;
  return address === "" || address === "off" ? undefined : address.replace(/\/?$/, "/");
}

/** Fetches one file; true when it changed. A feed that fails is a gap when something of it is there, or it only adds facts. */
async function refresh(
  feed: Feed,
  file: FeedFile,
  address: string,
  request: UpdateRequest,
  files: Set<string>,
  gaps: Gap[],
): Promise<boolean> {
  const path = join(request.cache, file.path);
  const mirrored = request.addresses?.[feed.id] === undefined && request.mirror !== undefined;
  const remote = mirrored ? file.path.split("/").map(encodeURIComponent).join("/") : file.remote;
  const optional = (file.optional ?? false) || mirrored;
  const before = kindOf(path) === "file";
  try {
    const fetched = {
      address: address + remote,
      path,
      limit: file.limit,
      ...(request.signal ? { signal: request.signal } : {}),
      progress: (received: number) => request.progress?.(file.path, received),
    };
    const outcome = feed.id === "osv" ? await refreshBucket(fetched) : (await fetchFile(fetched)).outcome;
    if (outcome === "missing") {
      if (!optional || (feed.id === "osv" && !before))
        throw new PlimsollError("feed.unreachable", `${address}${remote} does not exist`, {
          hint:
            feed.id === "osv" ? "check the ecosystem's name: https://ossf.github.io/osv-schema/" : "check its address",
        });
      return false;
    }
    files.add(file.path);
    if (feed.id === "osv") files.add(file.path.replace(/all\.zip$/, "newer.jsonl"));
    return outcome === "fetched";
  } catch (error) {
    if (!(error instanceof PlimsollError) || request.signal?.aborted) throw error;
    if (!before && feed.about(file.path) !== undefined && feed.id === "osv") throw error;
    gaps.push({ subject: `${feed.id} (${file.path})`, reason: error.message });
    if (before) files.add(file.path);
    return false;
  }
}

/** The store in place, when it was made from just these files. */
function builtBefore(
  built: string | undefined,
  { store }: UpdateRequest,
  files: ReadonlySet<string>,
): StoreInfo | undefined {
  try {
    const made = JSON.parse(built ?? "") as { store: string; revision: string; files: string[] };
    if (made.store !== store || made.files.join("\n") !== [...files].sort().join("\n")) return undefined;
    const info = infoOf(store);
    return info.revision === made.revision ? info : undefined;
  } catch {
    return undefined;
  }
}

function infoOf(path: string): StoreInfo {
  const store = openStore(path);
  store.close();
  return store.info;
}
