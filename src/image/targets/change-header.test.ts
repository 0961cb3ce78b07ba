import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { extract, type Header } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { defaultLimits } from "../limits.ts";
import { accessBytes } from "../spool.ts";
import { type OpenEntry, TarParser } from "../tar.ts";
import { padding, tarEnd } from "../tar-write.ts";
import { changeHeaders, readHeaders } from "./change-header.ts";
import type { HeaderChange } from "./piece.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-headers-"));
const long = `${"a-long-name/".repeat(12)}file`;
const names = ["short", "größe", long, "sparse", "n".repeat(100)];
mkdirSync(join(directory, long, ".."), { recursive: true });
for (const name of names) writeFileSync(join(directory, name), `contents of ${name}`);
truncateSync(join(directory, "sparse"), 3_000_000);
linkSync(join(directory, "short"), join(directory, "zlink"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What GNU tar makes of them, in one of its formats. */
function tarOf(format: string): Buffer {
  const args = ["-cf", "-", `--format=${format}`, "--mtime=@1700000000", "--owner=5:5", "--group=6:6", "-C", directory];
  return execFileSync("tar", [...args, ...(format === "ustar" ? [] : ["-S"]), ...names, "zlink"], {
    maxBuffer: 1 << 26,
  });
}

function entriesOf(tar: Uint8Array): OpenEntry[] {
  const entries: OpenEntry[] = [];
  const parser = new TarParser(
    { entry: (entry) => entries.push(entry), gap: (why) => expect.fail(why) },
    defaultLimits,
  );
  parser.push(tar);
  parser.end();
  return entries;
}

/** Another reader's view of a tar's only member. */
async function seenByAnother(tar: Uint8Array): Promise<Header> {
  const reader = extract();
  Readable.from([tar]).pipe(reader);
  for await (const entry of reader) {
    entry.resume();
    return entry.header;
  }
  throw new Error("the tar is empty");
}

function changed(tar: Buffer, { raw }: OpenEntry, change: HeaderChange): Buffer {
  const headers = readHeaders(accessBytes(tar), raw[0]);
  const contents = change.link === undefined ? tar.subarray(raw[0] + headers.length, raw[1]) : Buffer.alloc(0);
  return Buffer.concat([changeHeaders(headers, change), contents, padding(contents.length), tarEnd]);
}

describe("an entry's changed header", () => {
  it.each(["gnu", "pax", "ustar", "oldgnu"])("says what it is to say and all else as before (%s)", async (format) => {
    const tar = tarOf(format);
    const targets = ["x", "d/é", "b".repeat(99), `${"other/".repeat(40)}name`];
    for (const entry of entriesOf(tar)) {
      if (entry.type !== "file") continue;
      for (const path of targets) {
        const moved = changed(tar, entry, { path, mtime: 1_600_000_000 });
        const [found, more] = entriesOf(moved);
        expect(more).toBeUndefined();
        expect(found).toEqual({ ...entry, path, mtime: 1_600_000_000, raw: [0, moved.length - 1024] });
        if (entry.path !== "sparse") expect((await seenByAnother(moved)).name).toBe(path);
        const linked = changed(tar, entry, { path, link: targets[3] ?? "" });
        const [link] = entriesOf(linked);
        const { digest: _, ...rest } = entry;
        expect(link).toEqual({
          ...rest,
          path,
          type: "hardlink",
          link: targets[3],
          size: 0,
          raw: [0, linked.length - 1024],
        });
        const seen = await seenByAnother(linked);
        expect([seen.type, seen.name, seen.linkname, seen.size]).toEqual(["link", path, targets[3], 0]);
        expect([seen.uid, seen.gid, seen.mode]).toEqual([5, 6, entry.mode]);
      }
    }
  });
});
