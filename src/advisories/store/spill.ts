import { join } from "node:path";
import { createFileWriter, openRandomFile } from "../../host/index.ts";
import { type ByteReader, createByteReader, createByteWriter } from "./bytes.ts";

const partitions = 32;

/** Gathers pieces by key without holding them: they are spread over files by their key's hash, each small enough to sort. */
export interface Spill {
  add(key: string, piece: string): void;
  /** Everything that was added, file by file; within one, keys in code-unit order and pieces as they came. */
  groups(): Iterable<{ readonly key: string; readonly pieces: readonly string[] }>;
  discard(): void;
}

export function createSpill(directory: string, name: string): Spill {
  const paths = Array.from({ length: partitions }, (_, i) => join(directory, `${name}-${i}`));
  const files = paths.map((path) => createFileWriter(path, 1 << 15));
  const writer = createByteWriter();
  const discard = (): void => files.forEach((file) => file.discard());
  return {
    add(key, piece) {
      writer.text(key);
      writer.text(piece);
      files[partitionOf(key)]?.write(writer.take());
    },
    *groups() {
      for (const [i, file] of files.entries()) {
        const path = paths[i] ?? "";
        file.flush();
        const spilled = openRandomFile(path);
        try {
          const byKey = readGroups(createByteReader(spilled.read(0, spilled.size)));
          for (const key of [...byKey.keys()].sort()) yield { key, pieces: byKey.get(key) ?? [] };
        } finally {
          spilled.close();
        }
        file.discard();
      }
    },
    discard,
  };
}

/** FNV-1a. Crowded partitions cost memory and nothing else, so no stronger hash is needed here. */
function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}

function readGroups(reader: ByteReader): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  while (reader.rest > 0) {
    const key = reader.text();
    const piece = reader.text();
    const pieces = byKey.get(key);
    if (pieces) pieces.push(piece);
    else byKey.set(key, [piece]);
  }
  return byKey;
}
