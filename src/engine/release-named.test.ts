import { describe, expect, it } from "vitest";
import { ofRelease, releaseNamed } from "./release-named.ts";

describe("a distribution named by its user", () => {
  it.each([
    ["debian/12", "debian", "12", "Debian:12"],
    ["alpine/3.9", "alpine", "3.9", "Alpine:v3.9"],
    ["ubuntu:24.04", "ubuntu", "24.04", "Ubuntu:24.04:LTS"],
    ["RedHat/9", "rhel", "9", "Red Hat:enterprise_linux:9::baseos"],
    ["wolfi", "wolfi", "", "Wolfi"],
  ])("%s", (named, family, release, ecosystem) => {
    expect(releaseNamed(named)).toMatchObject({ family, release });
    expect(releaseNamed(named).ecosystems[0]).toBe(ecosystem);
  });

  it.each(["", "nosuch/1", "debian", "debian/", "debian/12\nID=alpine", "$(x)/1"])("%j is refused", (named) => {
    expect(() => releaseNamed(named)).toThrow(expect.objectContaining({ code: "usage.unknown-option" }));
  });

  it("gives its packages the purls they have in it, and leaves all others alone", () => {
    const one = (purl: string) => ({ purl, type: "apk", name: "x", version: "1", licenses: [], files: [] });
    const purls = ["pkg:npm/x@1", "pkg:apk/alpine/x@1?arch=x86_64&distro=alpine-3.9.6"];
    expect(ofRelease(purls.map(one), releaseNamed("alpine/3.10")).map(({ purl }) => purl)).toEqual([
      "pkg:apk/alpine/x@1?arch=x86_64&distro=alpine-3.10",
      "pkg:npm/x@1",
    ]);
  });
});
