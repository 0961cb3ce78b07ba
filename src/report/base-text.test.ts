import { describe, expect, it } from "vitest";
import { renderBases } from "./base-text.ts";

describe("bases in text", () => {
  it("drive no terminal, whatever a Dockerfile calls its base", () => {
    const evil = "evil\u001b[2J\u202e:1";
    const out = renderBases(
      {
        schemaVersion: 1,
        tool: { name: "plimsoll", version: "0" },
        reference: evil,
        day: "2026-11-24",
        place: { path: `dir\u0007/Dockerfile`, line: 1 },
        store: { asOf: "2026-08-22", revision: "1", kind: "starter" },
        options: [
          {
            kind: "current",
            reference: evil,
            changes: [evil],
            dropIn: true,
            offline: { asOf: "2026-08-21", reason: evil },
          },
        ],
        gaps: [{ subject: evil, reason: evil }],
      },
      { color: false, quiet: false },
    );
    expect(out).not.toMatch(/[\u0007\u001b\u202e]/);
    expect(out).toContain("offline knowledge as of 2026-08-21");
  });
});
