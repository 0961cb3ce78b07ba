import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdvisoryStore,
  buildStore,
  builtInSchemes,
  detectRelease,
  matchPackages,
  openStore,
} from "../../src/advisories/index.ts";
import { builtInCatalogers, catalogFiles } from "../../src/packages/index.ts";
import { partOfAdvisories, sharedData } from "../support/advisory-data.ts";
import { readTarGz } from "../support/read-tar.ts";

interface Expected {
  readonly file: string;
  readonly ecosystem: string;
  readonly findings: readonly {
    readonly id: string;
    readonly source: string;
    readonly version: string;
    readonly fixed: string | null;
    readonly packages: readonly string[];
  }[];
}

const rootfs = sharedData("rootfs");
const advisories = sharedData("advisories");
const expected = rootfs ? (JSON.parse(readFileSync(join(rootfs, "expected.json"), "utf8")) as Expected[]) : [];

describe.skipIf(!rootfs || !advisories)(
  "what is found in Alpine's root file systems is what was computed apart from this program",
  () => {
    let folder: string;
    let store: AdvisoryStore;
    beforeAll(() => {
      folder = partOfAdvisories(advisories ?? "", ["Alpine"]);
      buildStore(folder, join(folder, "store"));
      store = openStore(join(folder, "store"));
    });
    afterAll(() => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(expected)("$file", ({ file, ecosystem, findings }) => {
      const files = readTarGz(readFileSync(join(rootfs ?? "", file)));
      const view = {
        paths: [...files.keys()].sort(),
        stat: (path: string) => ({ size: files.get(path)?.length ?? 0, mode: 0o644 }),
        open: (path: string) => {
          const bytes = files.get(path);
          return bytes && { size: bytes.length, read: (at: number, n: number) => bytes.subarray(at, at + n) };
        },
      };
      const { packages } = catalogFiles(
        view,
        builtInCatalogers.filter(({ id }) => id === "apk"),
      );
      const release = detectRelease((path) => files.get(path)?.toString("utf8"));
      expect(release?.ecosystems).toEqual([ecosystem]);
      const { matches, gaps, suppressed } = matchPackages(packages, release, store, builtInSchemes);
      const found = matches.map(({ package: one, advisories: [advisory], because, fixedIn }) =>
        [advisory?.id, because.name, because.version, fixedIn ?? null, one.name].join(" "),
      );
      const computed = findings.flatMap(({ id, source, version, fixed, packages: names }) =>
        names.map((name) => [id, source, version, fixed, name].join(" ")),
      );
      expect(found.sort()).toEqual(computed.sort());
      expect(gaps).toEqual([]);
      expect(suppressed).toEqual([]);
    });
  },
);
