import { describe, expect, it } from "vitest";
import { copyrightLicenses } from "./debian-copyright.ts";

describe("licences of Debian packages", () => {
  it.each([
    [
      "Format: https://x\n\nFiles: *\nLicense: GPL-2+\n text\n License: not-one\n\nLicense: Expat\n",
      ["GPL-2.0-or-later", "MIT"],
    ],
    ["Format: https://x\nLicense: GPL-3 or Artistic-2.0", ["GPL-3.0-only OR Artistic-2.0"]],
    ["Format: https://x\nLicense: public domain, as far as we know\n", ["public domain, as far as we know"]],
    ["Format: https://x\nLicense:\n", []],
    [
      "On Debian systems see `/usr/share/common-licenses/LGPL-2.1'.\nand /usr/share/common-licenses/GPL-2.",
      ["GPL-2", "LGPL-2.1"],
    ],
    ["License: GPL-2 in a file without a format\n", []],
  ])("%j names %j", (text, licences) => {
    expect(copyrightLicenses(text)).toEqual(licences);
  });

  it("many lines without an end are linear", () => {
    for (const filler of ["\nLicense:", "License:", "\n", "/usr/share/common-licenses/", "a and "]) {
      const started = performance.now();
      copyrightLicenses(`Format: x\n${filler.repeat((1 << 20) / filler.length)}`);
      copyrightLicenses(filler.repeat((1 << 20) / filler.length));
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
