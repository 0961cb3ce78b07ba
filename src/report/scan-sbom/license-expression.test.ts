import { describe, expect, it } from "vitest";
import { licenseExpression } from "./license-expression.ts";

describe("licence expressions", () => {
  it.each([
    ["MIT", "MIT"],
    ["mit", "MIT"],
    ["apache-2.0 or mit", "Apache-2.0 OR MIT"],
    ["(MIT OR Apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause"],
    ["GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
    ["EPL-1.0+", "EPL-1.0+"],
    ["((MIT))", "((MIT))"],
  ])("%s", (written, said) => expect(licenseExpression(written)).toBe(said));

  it.each([
    "",
    "Custom",
    "MIT OR",
    "OR MIT",
    "MIT MIT",
    "(MIT",
    "MIT)",
    "()",
    "MIT WITH",
    "MIT WITH MIT",
    "(MIT) WITH Classpath-exception-2.0",
    "MIT WITH Classpath-exception-2.0 WITH LLVM-exception",
    "MIT/Apache-2.0",
    "constructor",
    "(".repeat(5000),
  ])("is none: %s", (written) => expect(licenseExpression(written)).toBeUndefined());

  it("reads what it has written the same way", () => {
    for (const text of ["mit and (isc or 0BSD)", "gpl-2.0-or-later with llvm-exception and zlib"]) {
      const said = licenseExpression(text);
      expect(said).toBeDefined();
      expect(licenseExpression(said ?? "")).toBe(said);
    }
  });
});
