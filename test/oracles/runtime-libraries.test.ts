import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isAlwaysThere, runtimeLibraries } from "../../src/rules/reading/runtime-libraries.ts";
import { labEngine, runIn } from "../support/lab.ts";

const suites = ["bullseye", "bookworm", "trixie"] as const;

function localSuite(): string | undefined {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return suites.find((suite) => release.includes(`VERSION_CODENAME=${suite}`));
}

const suite = localSuite();
const apt =
  suite === undefined ? undefined : spawnSync("apt-cache", ["pkgnames"], { encoding: "utf8", maxBuffer: 1 << 26 });
const names = apt?.status === 0 ? apt.stdout.split("\n").filter((name) => name.endsWith("-dev")) : [];
if (names.length === 0) process.stderr.write("skipped: no apt-cache of a Debian release that the table knows\n");

describe.skipIf(names.length === 0)("the table of runtime libraries", () => {
  const known = names.filter((name) => runtimeLibraries(name, suite ?? "") !== undefined).sort();

  it("names for every -dev package only what that package depends on", { timeout: 60_000 }, () => {
    expect(known.length).toBeGreaterThan(80);
    const { stdout } = spawnSync("apt-cache", ["depends", "--important", ...known], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    const depends = new Map<string, Set<string>>();
    let of = new Set<string>();
    for (const line of stdout.split("\n")) {
      if (/^\S/.test(line)) depends.set(line.trim(), (of = new Set()));
      else of.add(line.replace(/^[\s|]*\w+:\s*/, "").trim());
    }
    const wrong = known.flatMap((name) =>
      (runtimeLibraries(name, suite ?? "") ?? [])
        // libjpeg-dev is another name of libjpeg62-turbo-dev.
        .filter((library) => !depends.get(name)?.has(library) && name !== "libjpeg-dev")
        .map((library) => `${name} ${library}`),
    );
    expect(wrong).toEqual([]);
  });
});

const lab = labEngine();
describe.skipIf(!lab)("what counts as always there", () => {
  if (!lab) return;
  it.each(suites)("is in the slim image of %s", { timeout: 60_000 }, (name) => {
    const installed = runIn(lab, "/", "docker", [
      "run",
      "--rm",
      "--network",
      "none",
      `debian:${name}-slim`,
      "dpkg-query",
      "-W",
      "-f",
      "${Package}\n",
    ]).split("\n");
    const always =
      "zlib1g liblzma5 libbz2-1.0 libselinux1 libcrypt1 libtinfo6 libuuid1 libzstd1 libudev1 libacl1 libattr1 libstdc++6 libgcc-s1".split(
        " ",
      );
    for (const library of always) {
      expect(isAlwaysThere(library)).toBe(true);
      expect(installed, library).toContain(library);
    }
  });
});
