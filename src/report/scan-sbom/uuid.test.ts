import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nameUuid, sha1 } from "./uuid.ts";

describe("version 5 UUIDs", () => {
  it("are made with SHA-1 as node:crypto knows it, at every length around a block", () => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 0xff);
      expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(createHash("sha1").update(bytes).digest("hex"));
    }
  });
  it("have their version and variant, and are the same for the same name", () => {
    expect(nameUuid("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(nameUuid("a")).toBe(nameUuid("a"));
    expect(nameUuid("a")).not.toBe(nameUuid("b"));
  });
});
