import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeBytes, nameBytes } from "./file-names.ts";
import { FilesBelow } from "./files-below.ts";

const outside = mkdtempSync(join(tmpdir(), "plimsoll-below-"));
const root = join(outside, "root");
mkdirSync(join(root, "usr/lib/deep"), { recursive: true });
mkdirSync(join(root, "outside"));
writeFileSync(join(outside, "secret"), "outside");
writeFileSync(join(root, "outside/secret"), "inside");
writeFileSync(join(root, "usr/lib/file"), "contents");
symlinkSync("usr/lib", join(root, "lib"));
symlinkSync(outside, join(root, "absolute"));
symlinkSync("../../../../..", join(root, "usr/up"));
symlinkSync("/outside", join(root, "rooted"));
symlinkSync("/etc/passwd", join(root, "passwd"));
symlinkSync("round", join(root, "round"));
afterAll(() => {
  rmSync(outside, { recursive: true, force: true });
});

describe("files below a directory that is somebody else's root", () => {
  const files = new FilesBelow(root);
  const text = (path: string): string | undefined => {
    const file = files.open(path);
    return file && Buffer.from(file.read(0, 100)).toString();
  };

  it("are found through links inside of it", () => {
    expect(text("lib/file")).toBe("contents");
    expect(text("rooted/secret")).toBe("inside");
    expect(text("usr/up/usr/lib/file")).toBe("contents");
  });

  it("are never outside of it", () => {
    for (const path of [
      "absolute/secret",
      "passwd",
      "../secret",
      "usr/../../secret",
      "usr/up/secret",
      "round/x",
      "usr/up/etc/passwd",
    ])
      expect(text(path)).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")("are regular files only", () => {
    const makePipe = "mkfifo";
    execFileSync(makePipe, [join(root, "pipe")]);
    for (const path of ["pipe", "usr", "", "usr/lib/file/x", "absent", "a\0b"]) expect(text(path)).toBeUndefined();
  });

  it("are closed and opened again when there are many", () => {
    const many = Array.from({ length: 200 }, (_, index) => {
      writeFileSync(join(root, `usr/lib/deep/${index}`), `file ${index}`);
      return files.open(`usr/lib/deep/${index}`);
    });
    many.forEach((file, index) => {
      expect(Buffer.from(file?.read(5, 10) ?? []).toString()).toBe(String(index));
    });
    files.close();
    expect(Buffer.from(many[7]?.read(0, 100) ?? []).toString()).toBe("file 7");
    files.close();
  });

  it.skipIf(process.platform !== "linux")("may have names that are not UTF-8", () => {
    const bytes = Buffer.from([0x66, 0xe9, 0xff, 0x2e, 0x78]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/usr/lib/`), bytes]), "odd");
    expect(text(`lib/${decodeBytes(bytes)}`)).toBe("odd");
    for (const name of ["plain", "é", "🐳", decodeBytes(bytes), "\udc80\udcff"])
      expect(decodeBytes(Buffer.from(nameBytes(name)))).toBe(name);
    files.close();
  });
});
