import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { PlimsollError, type RandomAccess } from "../core/index.ts";
import { createFileWriter, makeWorkDirectory, openRandomFile } from "../host/index.ts";
import { openStore, verifyStore } from "./store/open.ts";
import type { StoreInfo } from "./store/store.ts";

/** The largest store that is unpacked, in bytes. */
const maximumBytes = 4 * 2 ** 30;

/**
 * Writes a store to one file to be carried elsewhere, gzipped when the name ends in `.gz`. It is checked first: what is carried is
 * whole.
 * @throws PlimsollError store.missing, store.damaged, output.unwritable
 */
export async function exportStore(store: string, output: string): Promise<StoreInfo> {
  const info = checked(store);
  await carry(store, output, output.endsWith(".gz") ? createGzip() : undefined);
  return info;
}

/**
 * Puts a store that came from elsewhere, gzipped or not, in the place of the one in use, once all of it was read and its checksum
 * held; otherwise the one in use stays.
 * @throws PlimsollError store.missing, store.damaged, output.unwritable
 */
export async function importStore(input: string, store: string): Promise<StoreInfo> {
  let info: StoreInfo | undefined;
  await carry(input, store, isGzip(input) ? createGunzip() : undefined, (path) => {
    info = checked(path);
  });
  return info ?? checked(store);
}

function checked(path: string): StoreInfo {
  const store = openStore(path);
  store.close();
  const file = openRandomFile(path);
  try {
    verifyStore(file);
  } finally {
    file.close();
  }
  return store.info;
}

/** Copies through a transformation into a file that is renamed to its place when `check` has seen it. */
async function carry(
  from: string,
  to: string,
  through: ReturnType<typeof createGzip> | ReturnType<typeof createGunzip> | undefined,
  check: (path: string) => void = () => undefined,
): Promise<void> {
  const work = makeWorkDirectory(dirname(to), ".plimsoll-store-");
  const temporary = join(work.path, "store");
  const output = createFileWriter(temporary);
  const input = openRandomFile(from);
  try {
    for await (const chunk of through ? transformed(input, through) : chunks(input)) {
      output.write(chunk);
      if (output.size > maximumBytes)
        throw new PlimsollError("store.damaged", `${from} unpacks to more than any store`, {
          hint: "look where it is from",
        });
    }
    output.flush();
    check(temporary);
    output.commit(to);
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw new PlimsollError("store.damaged", `${from} cannot be unpacked`, { hint: "copy it again", cause: error });
  } finally {
    input.close();
    output.discard();
    work.remove();
  }
}

function* chunks(file: RandomAccess): Generator<Uint8Array> {
  for (let at = 0; at < file.size; at += 1 << 20) yield file.read(at, 1 << 20);
}

function transformed(file: RandomAccess, through: ReturnType<typeof createGzip>): AsyncIterable<Uint8Array> {
  return Readable.from(chunks(file)).pipe(through);
}

function isGzip(path: string): boolean {
  const file = openRandomFile(path);
  try {
    const [first, second] = file.read(0, 2);
    return first === 0x1f && second === 0x8b;
  } finally {
    file.close();
  }
}
