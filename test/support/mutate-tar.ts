import type { randomSource } from "./generate.ts";

/** Changes a byte, most often of a header. */
export function mutate(tar: Buffer, random: ReturnType<typeof randomSource>): void {
  // Headers are where it hurts: most changes go into the first bytes of a block.
  const block = random.below(Math.floor(tar.length / 512)) * 512;
  const at = random.chance(0.8) ? block + random.below(350) : random.below(tar.length);
  const value = random.pick([0, 0x20, 0x2e, 0x2f, 0x30, 0x37, 0x4c, 0x53, 0x78, 0x67, 0x80, 0xff, random.below(256)]);
  tar[at] = value;
}

/** Honest checksums over dishonest headers, so that what is behind them is reached. */
export function fixChecksums(tar: Buffer, fix: boolean): Buffer {
  if (!fix) return tar;
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString("latin1", at + 257, at + 262) !== "ustar") continue;
    tar.fill(0x20, at + 148, at + 156);
    let sum = 0;
    for (let i = at; i < at + 512; i++) sum += tar[i] ?? 0;
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  }
  return tar;
}
