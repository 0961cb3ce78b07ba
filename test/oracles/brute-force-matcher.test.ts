import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdvisoryStore,
  buildStore,
  builtInSchemes,
  matchPackages,
  openStore,
} from "../../src/advisories/index.ts";
import { partOfAdvisories, sharedData } from "../support/advisory-data.ts";
import { labEngine, type LabEngine, runIn } from "../support/lab.ts";
import { type InstalledPackage, type LowerThan, matchByBruteForce } from "./brute-force-matcher.ts";

const advisories = sharedData("advisories");
const engine = advisories ? labEngine() : undefined;

/** Every image of the lab that is made of Debian, by release. */
const debian: Readonly<Record<string, readonly string[]>> = {
  11: ["debian:11", "debian:11-slim", "python:3.9", "python:3.9-slim"],
  12: [
    "debian:12",
    "debian:12-slim",
    "eclipse-temurin:17",
    "eclipse-temurin:17-jre",
    "golang:1",
    "lab/buildpack:bookworm",
    "nginx:1.22",
    "node:20",
    "node:20-bookworm-slim",
    "postgres:15",
    "python:3.11-slim",
    "redis:7",
  ],
  13: ["debian:13", "debian:13-slim", "python:3-slim"],
};
const alpine = ["3.10", "3.11", "3.18", "3.20"].map((release) => [`alpine:${release}`, `Alpine:v${release}`] as const);

/** By dpkg itself. */
const dpkgLower: LowerThan = (pairs) => {
  const script = 'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo 1; else echo 0; fi; done';
  return answers(spawnSync("sh", ["-c", script], { input: lines(pairs), encoding: "utf8" }).stdout);
};

/** By apk itself, in a container of the release. */
function apkLower(lab: LabEngine, image: string): LowerThan {
  const script = "while read -r a b; do apk version -t $a $b; done";
  const args = ["run", "--rm", "-i", "--network", "none", image, "sh", "-c", script];
  return (pairs) =>
    answers(
      spawnSync("docker", args, { input: lines(pairs), env: lab.env, encoding: "utf8" }).stdout.replaceAll("<", "1"),
    );
}

const lines = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([a, b]) => `${a} ${b}\n`).join("");
const answers = (text: string): readonly boolean[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim() === "1");

function isThere(lab: LabEngine, image: string): boolean {
  return spawnSync("docker", ["image", "inspect", image], { env: lab.env, stdio: "ignore" }).status === 0;
}

function dpkgPackages(lab: LabEngine, image: string): readonly InstalledPackage[] {
  const format = "${Package}\\t${source:Package}\\t${source:Version}\\t${db:Status-Status}\\n";
  return runIn(lab, ".", "docker", ["run", "--rm", "--network", "none", image, "dpkg-query", "-W", "-f", format])
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .flatMap(([name = "", source = "", version = "", status]) =>
      status === "installed" ? [{ name, source, version }] : [],
    );
}

function apkList(lab: LabEngine, image: string): readonly InstalledPackage[] {
  return runIn(lab, ".", "docker", ["run", "--rm", "--network", "none", image, "apk", "list", "-I"])
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [, name = "", version = "", source = ""] = /^(\S+)-([^-\s]+-r\d+) \S+ \{(\S+)\}/.exec(line) ?? [];
      return name === "" ? [] : [{ name, version, source }];
    });
}

describe.skipIf(!advisories || !engine)(
  "what is found in images is what brute force finds with the distribution's own tools",
  () => {
    let folder: string;
    let store: AdvisoryStore;
    beforeAll(() => {
      folder = partOfAdvisories(advisories ?? "", ["Alpine", "Debian"]);
      buildStore(folder, join(folder, "store"));
      store = openStore(join(folder, "store"));
    }, 120_000);
    afterAll(() => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const compare = (
      type: string,
      family: string,
      ecosystem: string,
      installed: readonly InstalledPackage[],
      lower: LowerThan,
    ) => {
      const forced = matchByBruteForce(
        join(folder, family === "alpine" ? "Alpine" : "Debian", "all.zip"),
        ecosystem,
        installed,
        lower,
      );
      if (!forced) {
        process.stderr.write("skipped: there is no python3 to read the archives apart\n");
        return;
      }
      const packages = installed.map(({ name, source, version }) => ({
        purl: `pkg:${type}/${family}/${name}@${version}`,
        type,
        name,
        version,
        source: { name: source, version },
        licenses: [],
        files: [],
      }));
      const { matches } = matchPackages(packages, { family, ecosystems: [ecosystem] }, store, builtInSchemes);
      expect(installed.length).toBeGreaterThan(10);
      expect(matches.map(({ package: one, id }) => `${one.name} ${id}`).sort()).toEqual(forced);
    };

    it.each(Object.entries(debian))("all images of Debian %s", { timeout: 180_000 }, (release, images) => {
      if (spawnSync("sh", ["-c", "command -v dpkg"]).status !== 0) {
        process.stderr.write("skipped: there is no dpkg\n");
        return;
      }
      const lab = engine as LabEngine;
      const here = images.filter((image) => isThere(lab, image));
      expect(here).toContain(`debian:${release}`);
      // A name may be installed in several versions: with the version it is another name.
      const installed = new Map(
        here.flatMap((image) =>
          dpkgPackages(lab, image).map((one) => {
            const name = `${one.name}@${one.version}`;
            return [name, { ...one, name }] as const;
          }),
        ),
      );
      compare("deb", "debian", `Debian:${release}`, [...installed.values()], dpkgLower);
    });

    it.each(alpine)("%s", { timeout: 120_000 }, (image, ecosystem) =>
      compare("apk", "alpine", ecosystem, apkList(engine as LabEngine, image), apkLower(engine as LabEngine, image)),
    );
  },
);
