import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type BaseCandidate, baseCandidates } from "./base-candidates.ts";
import { openOfficialImages } from "./official-images.ts";
import { compareVersions, readTag } from "./tag.ts";

const images = openOfficialImages(readFileSync(join(import.meta.dirname, "data/official-images.txt"), "latin1"));
const today = "2026-11-24";
/** Every tag of every image that is rebuilt, with what is offered for it. */
const offered = images.names.flatMap((name) =>
  images
    .live(name)
    .flatMap((tags) => tags.slice(0, 1).map((tag) => ({ name, tag, ...baseCandidates(images, name, tag, today) }))),
);
const tagOf = (reference: string): string => reference.slice(reference.indexOf(":") + 1);
const firstOf = ({ names: [first = ""] }: BaseCandidate): string => first;

describe("candidates for a base", () => {
  it("are images that are rebuilt today, by names that are all the same image", () => {
    expect(offered.length).toBeGreaterThan(1000);
    for (const { name, candidates } of offered)
      for (const { kind, names, live } of candidates) {
        if (kind === "distroless") continue;
        expect(live).toBe(true);
        const same = images.tag(name, tagOf(names[0] ?? ""))?.sameImage ?? [];
        for (const one of names) expect(same).toContain(tagOf(one));
      }
  });

  it("are of different kinds and images, and never the base itself", () => {
    for (const { name, tag, candidates } of offered) {
      const kinds = candidates.map(({ kind }) => kind);
      expect(new Set(kinds).size).toBe(kinds.length);
      const firsts = candidates.map(firstOf);
      expect(new Set(firsts).size).toBe(firsts.length);
      expect(firsts).not.toContain(`${name}:${tag}`);
    }
  });

  it("keep the version but for a next line, which is above", () => {
    for (const { current, candidates } of offered)
      for (const { kind, line } of candidates) {
        if (kind === "line" || kind === "line-slim")
          expect(compareVersions(readTag(line).version, readTag(current.line).version)).toBeGreaterThan(0);
        else if (kind !== "distroless") expect(line).toBe(current.line);
      }
  });

  it("name the slim and the Alpine variant that the table of tags tells of", () => {
    for (const { name, tag, current, candidates } of offered) {
      const told = images.tag(name, tag);
      for (const kind of ["slim", "alpine"] as const) {
        const own = candidates.find((one) => one.kind === kind);
        const exact = told?.[kind];
        // From Alpine to a slim Debian the libc would change.
        if (exact !== undefined && !current.musl)
          expect([name, tag, own && firstOf(own)]).toEqual([name, tag, `${name}:${exact}`]);
      }
    }
  });

  it("say that Alpine's libc is another one", () => {
    for (const { candidates } of offered)
      for (const { kind, musl } of candidates) if (kind === "alpine") expect(musl).toBe(true);
  });

  it("offer for a line that has ended its variants as they were left, and the next line that is supported", () => {
    const { current, candidates } = baseCandidates(images, "python", "3.9", today);
    expect(current).toMatchObject({ line: "3.9", live: false, frozenSince: "2025-11-03" });
    expect(candidates.map(({ kind, names: [first], live }) => [kind, first, live])).toEqual([
      ["slim", "python:3.9-slim", false],
      ["alpine", "python:3.9-alpine", false],
      ["line", "python:3.10.21-trixie", true],
      ["line-slim", "python:3.10.21-slim-trixie", true],
      ["distroless", "gcr.io/distroless/python3-debian12", undefined],
    ]);
  });

  it("offer the newest patch in place of one that was superseded", () => {
    const { candidates } = baseCandidates(images, "python", "3.12.1-slim-bookworm", today);
    const patch = candidates.find(({ kind }) => kind === "patch");
    expect(patch?.names[0]).toMatch(/^python:3\.12\.\d+-slim-bookworm$/);
  });

  it("pass over lines whose distribution has ended", () => {
    const { candidates } = baseCandidates(images, "alpine", "3.10", today);
    expect(candidates.map(({ kind, line }) => [kind, line])).toEqual([["line", "3.22"]]);
  });

  it("offer nothing for tags that nobody knows, and do not fail on them", () => {
    for (const tag of ["", "no-such-tag", "9".repeat(128), "1".repeat(60) + ".2-slim", "constructor"])
      expect(() => baseCandidates(images, "python", tag, today)).not.toThrow();
    expect(baseCandidates(images, "python", "no-such-tag", today).candidates).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ kind: "slim" })]),
    );
  });
});
