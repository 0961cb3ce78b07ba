import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { PlimsollError } from "../core/index.ts";
import { createFileWriter, kindOf, makeWorkDirectory, readBesideProgram } from "../host/index.ts";

/*
 * The store that ships with Plimsoll, so that the first scan needs no network: eight bytes that say what it is, the SHA-256 of the
 * store, then the store in brotli.
 */
const magic = Buffer.from("PLIMSTRT");
const headBytes = magic.length + 32;
const maximumBytes = 256 << 20;

/** A store made ready to ship. The same store gives the same bytes. */
export function packStarterStore(store: Uint8Array): Buffer {
  const packed = brotliCompressSync(store, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: store.length,
    },
  });
  return Buffer.concat([magic, createHash("sha256").update(store).digest(), packed]);
}

/**
 * The path of the shipped store, unpacked in the cache directory under the name of its checksum the first time it is asked for.
 * Undefined when none was shipped.
 * @throws PlimsollError store.damaged, output.unwritable
 */
export function unpackStarterStore(cache: string): string | undefined {
  const places = ["./starter-store.bin", "../starter-store.bin", "../advisories/data/starter-store.bin"];
  const head = readBesideProgram(places, headBytes);
  if (!head) return undefined;
  if (head.length < headBytes || !magic.equals(head.subarray(0, magic.length))) throw unreadable();
  const checksum = Buffer.from(head.subarray(magic.length)).toString("hex");
  const path = join(cache, `starter-${checksum.slice(0, 16)}.store`);
  if (kindOf(path) === "file") return path;
  const store = inflate(readBesideProgram(places, maximumBytes) ?? head);
  if (createHash("sha256").update(store).digest("hex") !== checksum) throw unreadable();
  // Others may do the same at this moment: each writes its own, and the last rename stands.
  const work = makeWorkDirectory(cache, ".plimsoll-starter-");
  const file = createFileWriter(join(work.path, "store"));
  try {
    file.write(store);
    file.commit(path);
  } finally {
    file.discard();
    work.remove();
  }
  return path;
}

function inflate(packed: Uint8Array): Buffer {
  try {
    return brotliDecompressSync(packed.subarray(headBytes), { maxOutputLength: maximumBytes });
  } catch {
    throw unreadable();
  }
}

function unreadable(): PlimsollError {
  return new PlimsollError("store.damaged", "the advisory store that came with Plimsoll is damaged", {
    hint: "install Plimsoll again, or fetch a store: plimsoll db update",
  });
}
