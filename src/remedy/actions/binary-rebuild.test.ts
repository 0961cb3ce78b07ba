import { describe, expect, it } from "vitest";
import { applyEdits, type Digest } from "../../core/index.ts";
import { planSubject } from "../../../test/support/plan-subject.ts";
import type { PlanPackage } from "../plan-subject.ts";
import { binaryRebuild } from "./binary-rebuild.ts";

const diffId: Digest = `sha256:${"0".repeat(64)}`;
const bytes = { unpacked: 1000, stored: 400 };
const origin = { kind: "unknown" as const, createdBy: "" };
const layer = { diffId, bytes, tarBytes: 1000, storedBytes: 400, entries: 1, files: 1, origin };

/** What a program with Go's library inside is to be built from; its advisories name these fixes. */
function built(text: string, fixes: readonly string[], name = "stdlib"): readonly string[] {
  const purl = `pkg:golang/${name}@1.19.8`;
  const one: PlanPackage = { purl, type: "golang", name, version: "1.19.8", licenses: [], files: ["server"], origin };
  const subject = planSubject(text, {
    weight: { total: bytes, baseLayers: 0, layers: [layer] },
    packages: [one],
    matches: fixes.map((fixedIn, index) => ({ id: `CVE-2026-${index}`, purl, level: "high", fixedIn })),
    user: "",
  });
  return [...binaryRebuild.propose(subject)].flatMap(({ edits = [] }) =>
    edits.length > 0 ? [applyEdits(text, edits)] : [],
  );
}

describe("a program with vulnerable packages inside", () => {
  const text = (go: string): string => `FROM ${go} AS build\nRUN go build\nFROM scratch\nCOPY --from=build /server /\n`;

  it("is built with the line of Go that has all fixes, of the same variant", () => {
    const fixes = ["1.19.9", "1.24.11", "1.9.1", "1.26.0-rc.2"];
    expect(built(text("golang:1.19"), fixes)).toEqual([text("golang:1.24")]);
    expect(built(text("golang:1.19.8-alpine3.17"), fixes)).toEqual([text("golang:1.24-alpine")]);
  });

  it("is only advice where the compiler is not named by a version, is new enough, or the package is another", () => {
    for (const go of ["golang", "golang:1", "golang:1.24", "example.com/golang:1.19", "$GO"])
      expect(built(text(go), ["1.24.11"])).toEqual([]);
    expect(built(text("golang:1.19"), ["1.24.11"], "golang.org/x/net")).toEqual([]);
  });
});
