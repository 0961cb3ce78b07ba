import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openOfficialImages } from "./official-images.ts";

const images = openOfficialImages(readFileSync(new URL("data/official-images.txt", import.meta.url), "utf8"));

describe("the table of official images", () => {
  it("pins a floating tag to the most exact tag of the very same image", () => {
    const facts = images.tag("python", "3.12-slim");
    expect(facts?.live).toBe(true);
    expect(facts?.exact).toMatch(/^3\.12\.\d+-slim-trixie$/);
    expect(facts?.sameImage).toContain(facts?.exact);
  });
  it("names for every live tag an exact one of the same stanza", () => {
    let pinned = 0;
    for (const name of images.names) {
      const first = images.tag(name, "latest");
      for (const tag of first?.sameImage ?? []) {
        const facts = images.tag(name, tag);
        if (facts?.exact === undefined) continue;
        pinned++;
        expect(facts.sameImage).toContain(facts.exact);
        expect(images.tag(name, facts.exact)?.sameImage).toEqual(facts.sameImage);
      }
    }
    expect(pinned).toBeGreaterThan(100);
  });
  it("says since when a line is no longer built, and what comes next", () => {
    expect(images.tag("python", "3.9-slim")).toMatchObject({ live: false, state: "ended", frozenSince: "2025-11-03" });
    expect(images.tag("python", "3.9-slim")?.nextLine).toBe("3.10-slim");
    expect(images.tag("node", "16")).toMatchObject({ state: "ended", frozenSince: "2023-09-11" });
    expect(images.tag("python", "3.9.2-slim")).toMatchObject({ state: "ended" });
    expect(images.tag("debian", "buster")).toMatchObject({ state: "ended", frozenSince: "2024-07-02" });
  });
  it("tells a superseded patch from an ended line", () => {
    const facts = images.tag("python", "3.12.1-slim-bookworm");
    expect(facts?.state).toBe("superseded");
    expect(facts?.newest).toMatch(/^3\.12\.\d+-slim-bookworm$/);
  });
  it("knows slim and alpine siblings, retired names, and names that are none", () => {
    expect(images.tag("python", "3.12")?.slim).toMatch(/^3\.12\.\d+-slim-trixie$/);
    expect(images.tag("node", "24")?.alpine).toMatch(/^24\.\d+\.\d+-alpine/);
    expect(images.repository("vault")).toMatchObject({ retired: "2024-07-29", replacement: "hashicorp/vault" });
    expect(images.repository("nobody-made-this")).toBeUndefined();
    expect(images.tag("python", "no-such-tag")).toMatchObject({ live: false, state: "unknown" });
  });
});
