import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { PlimsollError, type RandomAccess } from "../../core/index.ts";
import { openRandomFile } from "../../host/index.ts";
import { readAdvisory } from "./advisory-code.ts";
import { createByteReader } from "./bytes.ts";
import { damaged } from "./damaged.ts";
import { readFacts } from "./facts-code.ts";
import { itemsIn, listIn, parseValue, textIn, wholeIn } from "./json-value.ts";
import { mayHold } from "./key-filter.ts";
import { artifactKey, idKey, packageKey, splitPackageKey } from "./keys.ts";
import {
  findInPage,
  type Header,
  hashKey,
  type KeyHash,
  headerBytes,
  homePage,
  pageBytes,
  readHeader,
} from "./layout.ts";
import { canonicalName } from "../ecosystem.ts";
import { readMeta } from "./meta.ts";
import { readRecord } from "./read-record.ts";
import { maximumProbes } from "./records.ts";
import type { AdvisoryStore } from "./store.ts";

/** How much of a record is read with its key when its length is not known yet: enough for the key alone. */
const keyBytes = 4096;

/**
 * Opens a store for reading: its header and description are read and checked, nothing is loaded. Any number of processes may
 * do so at once, and go on reading theirs after an update has put another in its place.
 * @throws PlimsollError store.missing, store.damaged, target.unreadable
 */
export function openStore(path: string): AdvisoryStore {
  let file: ReturnType<typeof openRandomFile>;
  try {
    file = openRandomFile(path);
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== "target.missing") throw error;
    throw new PlimsollError("store.missing", `there is no advisory store at ${path}`, {
      hint: "fetch one: plimsoll db update",
      cause: error,
    });
  }
  try {
    return readStore(file, () => file.close());
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The same over bytes that lie anywhere. */
export function readStore(file: RandomAccess, close: () => void = () => undefined): AdvisoryStore {
  const header = readHeader(file.read(0, headerBytes), file.size);
  const metaBytes = file.read(header.metaAt, header.metaBytes);
  if (crc32(metaBytes) !== header.metaCrc) throw damaged("its description does not match its checksum");
  const info = readMeta(metaBytes, file.size);
  const ecosystems = new Set(info.ecosystems.map(({ name }) => name));
  const filterAt = header.pagesAt + header.pageCount * pageBytes;
  let filter: Uint8Array | undefined;
  const packages = (): Uint8Array => {
    if (filter) return filter;
    filter = file.read(filterAt, header.filterBytes);
    if (crc32(filter) !== header.filterCrc) throw damaged("its filter does not match its checksum");
    return filter;
  };
  const value = (key: string): unknown => {
    const found = findValue(file, header, key, hashKey(key));
    return found === undefined ? undefined : parseValue(found);
  };
  return {
    info,
    covers: (ecosystem) => ecosystems.has(ecosystem),
    find(ecosystem, name) {
      const canonical = canonicalName(ecosystem, name);
      const key = packageKey(ecosystem, canonical);
      const hash = hashKey(key);
      const found = mayHold(packages(), hash) ? findValue(file, header, key, hash) : undefined;
      return found === undefined
        ? []
        : itemsIn(parseValue(found), (advisory) => readAdvisory(advisory, ecosystem, canonical));
    },
    facts(id) {
      const found = value(idKey(id));
      return found === undefined ? undefined : readFacts(listIn(found)[0]);
    },
    named(id) {
      const found = value(idKey(id));
      if (found === undefined) return [];
      let place = 0;
      const keys = itemsIn(listIn(found)[1], (step) => {
        place += wholeIn(step);
        return keyAt(file, header, place);
      });
      return keys.toSorted().flatMap((key) => splitPackageKey(key) ?? []);
    },
    mavenGroups: (artifact) => itemsIn(value(artifactKey(artifact)), textIn),
    close,
  };
}

/**
 * Reads a whole store and compares its checksum: for one that came over a network or from a stranger.
 * @throws PlimsollError store.damaged
 */
export function verifyStore(file: RandomAccess): void {
  const header = readHeader(file.read(0, headerBytes), file.size);
  const hash = createHash("sha256");
  for (let at = headerBytes; at < file.size; at += 1 << 20) hash.update(file.read(at, 1 << 20));
  if (!hash.digest().equals(header.sha256)) throw damaged("its contents do not match their checksum");
}

function findValue(file: RandomAccess, header: Header, key: string, hash: KeyHash): string | undefined {
  const home = homePage(hash, header.pageCount);
  for (let probe = 0; probe < Math.min(header.pageCount, maximumProbes); probe++) {
    const page = (home + probe) % header.pageCount;
    const { slots, full } = findInPage(file.read(header.pagesAt + page * pageBytes, pageBytes), hash);
    for (const slot of slots) {
      const record = readRecord(file, header, slot);
      if (record.key === key) return record.value;
    }
    if (!full) return undefined;
  }
  return undefined;
}

function keyAt(file: RandomAccess, header: Header, offset: number): string {
  if (offset < headerBytes || offset >= header.pagesAt) throw damaged("an id points outside its records");
  return createByteReader(file.read(offset + 4, Math.min(keyBytes, header.pagesAt - offset - 4))).text();
}
