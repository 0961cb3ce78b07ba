import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import type { FileTree } from "../../src/image/index.ts";

/** A tree as one line a path, hard links as groups of paths: what has to be equal for two trees to be the same. */
export interface TreePicture {
  readonly lines: readonly string[];
  readonly links: readonly string[];
}

/** What the engine itself puts into every container, and whose times it therefore sets. */
const engines = /^(?:\.dockerenv|dev(?:\/.*)?|proc|sys|etc\/(?:hostname|hosts|resolv\.conf|mtab))$/;
const timeless = new Set(["", "etc", "run"]);

interface About {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly size: number;
  readonly digest: string;
  readonly link: string;
  readonly device: string;
}

function line(path: string, { type, mode, uid, gid, mtime, size, digest, link, device }: About): string {
  const time = timeless.has(path) ? "-" : String(Math.floor(mtime));
  return JSON.stringify([path, type, (mode & 0o7777).toString(8), uid, gid, time, size, digest, link, device]);
}

/** The picture of what `docker export` writes, read by another tar reader than ours. */
export async function pictureOfExport(tar: Uint8Array): Promise<TreePicture> {
  const groups = new Map<string, string[]>();
  const about = new Map<string, About>();
  const reader = extract();
  Readable.from([tar]).pipe(reader);
  for await (const entry of reader) {
    const { header } = entry;
    const path = header.name.replace(/^\.?\//, "").replace(/\/$/, "");
    const hash = createHash("sha256");
    for await (const part of entry as AsyncIterable<Uint8Array>) hash.update(part);
    if (engines.test(path)) continue;
    if (header.type === "link") {
      const target = (header.linkname ?? "").replace(/^\.?\//, "");
      groups.set(target, [...(groups.get(target) ?? [target]), path]);
      continue;
    }
    const type =
      header.type === "character-device" || header.type === "block-device" ? "device" : (header.type ?? "file");
    about.set(path, {
      type,
      mode: header.mode ?? 0,
      uid: header.uid ?? 0,
      gid: header.gid ?? 0,
      mtime: (header.mtime?.getTime() ?? 0) / 1000,
      size: type === "file" ? (header.size ?? 0) : 0,
      digest: type === "file" ? `sha256:${hash.digest("hex")}` : "",
      link: type === "symlink" ? (header.linkname ?? "") : "",
      device: type === "device" ? `${header.devmajor},${header.devminor}` : "",
    });
  }
  for (const [target, [, ...paths]] of groups) {
    const file = about.get(target);
    for (const path of paths) if (file) about.set(path, file);
  }
  return {
    lines: [...about].map(([path, file]) => line(path, file)).sort(),
    links: [...groups.values()].map((group) => [...group].sort().join(" = ")).sort(),
  };
}

/** The picture of our own merged tree. */
export function pictureOfTree(tree: FileTree): TreePicture {
  const lines: string[] = [];
  const groups = new Map<unknown, string[]>();
  for (const { path, entry, names } of tree.all()) {
    if (path === "" || engines.test(path)) continue;
    lines.push(
      line(path, {
        type: entry.type,
        mode: entry.mode,
        uid: entry.uid,
        gid: entry.gid,
        mtime: entry.mtime,
        size: entry.size,
        digest: entry.type === "file" ? (entry.digest ?? "") : "",
        link: entry.type === "symlink" ? (entry.link ?? "") : "",
        device: entry.device?.join(",") ?? "",
      }),
    );
    if (names > 1) groups.set(entry, [...(groups.get(entry) ?? []), path]);
  }
  return { lines: lines.sort(), links: [...groups.values()].map((group) => group.sort().join(" = ")).sort() };
}
