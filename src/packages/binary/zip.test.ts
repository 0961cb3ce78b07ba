import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesFile, diskFile } from "../../../test/support/catalog.ts";
import { outside, scratchDirectory } from "../../../test/support/outside.ts";
import { readZip } from "./zip.ts";

const script = `
import zipfile, sys
def make(path, prefix, wide):
    with open(path, "wb") as raw:
        raw.write(prefix)
        with zipfile.ZipFile(raw, "w") as archive:
            for name, data, method in [("a/stored.txt", b"as it is", 0), ("b/deflated.txt", b"again " * 5000, 8), ("\\u00e9.txt", b"", 8)]:
                info = zipfile.ZipInfo(name)
                info.compress_type = method
                with archive.open(info, "w", force_zip64=wide) as member:
                    member.write(data)
make("plain.zip", b"", False)
make("launched.zip", b"#!/bin/sh\\nexec java -jar $0\\n", False)
zipfile.ZIP64_LIMIT = 10
zipfile.ZIP_FILECOUNT_LIMIT = 1
make("wide.zip", b"", True)
make("launched-wide.zip", b"#!/bin/sh\\n", True)
`;

describe("zip archives", () => {
  it("that Python wrote are read, with something in front of them and with 64-bit numbers too", {
    timeout: 60_000,
  }, (context) => {
    const directory = scratchDirectory(context);
    writeFileSync(join(directory, "make.py"), script);
    outside(context, directory, "python3", ["make.py"]);
    for (const name of ["plain.zip", "launched.zip", "wide.zip", "launched-wide.zip"]) {
      const zip = readZip(diskFile(join(directory, name)));
      expect(
        zip?.entries.map((entry) => [entry.name, entry.size]),
        name,
      ).toEqual([
        ["a/stored.txt", 8],
        ["b/deflated.txt", 30_000],
        ["é.txt", 0],
      ]);
      const texts = zip?.entries.map((entry) => {
        const member = zip.open(entry, 1 << 20);
        return member && Buffer.from(member.read(0, member.size)).toString();
      });
      expect(texts, name).toEqual(["as it is", "again ".repeat(5000), ""]);
    }
  });

  it("are told from other files, and members over the limit stay closed", () => {
    expect(readZip(bytesFile(Buffer.from("no archive at all, and not one of zip either")))).toBeUndefined();
    expect(readZip(bytesFile(Buffer.alloc(0)))).toBeUndefined();
  });
});
