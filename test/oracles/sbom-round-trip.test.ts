import { rmSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdvisoryStore, buildStore, openStore } from "../../src/advisories/index.ts";
import {
  billOf,
  catalogKeepers,
  documentOf,
  examineImage,
  readSbomFile,
  sbomSubject,
  scanDocument,
  scanImage,
  type ScanOptions,
  scanSbom,
} from "../../src/engine/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { builtInCatalogers } from "../../src/packages/index.ts";
import { type ScanDocument, cyclonedx, spdxJson } from "../../src/report/index.ts";
import { partOfAdvisories, sharedData } from "../support/advisory-data.ts";
import { cyclonedxSchema, spdxSchema } from "../support/bom-schemas.ts";
import { labEngine } from "../support/lab.ts";

const advisories = sharedData("advisories");
const engine = advisories ? labEngine() : undefined;
const images = ["debian:12", "debian:11", "alpine:3.18", "alpine:3.20", "python:3.11-slim", "node:20"];

describe.skipIf(!advisories || !engine)("scan(image) = scan(sbom(image))", () => {
  let folder: string;
  let store: AdvisoryStore;
  let options: ScanOptions;
  const schemas = { cyclonedx: cyclonedxSchema(), "spdx-json": spdxSchema() };

  beforeAll(() => {
    folder = partOfAdvisories(advisories ?? "", ["Alpine", "Debian", "PyPI", "npm", "runtimes", "kev"]);
    buildStore(folder, join(folder, "store"));
    store = openStore(join(folder, "store"));
    options = {
      catalogers: builtInCatalogers.filter(({ evidence }) => evidence === "installed"),
      store: { store, kind: "given" },
      today: "2026-08-22",
      version: "1.0.0",
    };
  }, 120_000);
  afterAll(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** All of a scan but how the target is called. */
  const findings = ({ matches, suppressed, counts, gaps, release }: ScanDocument): object => ({
    matches,
    suppressed,
    counts,
    gaps,
    release,
  });

  it.each(images)("%s", { timeout: 180_000 }, async (image) => {
    if (spawnSync("docker", ["image", "inspect", image], { env: engine?.env ?? {}, stdio: "ignore" }).status !== 0) {
      process.stderr.write(`skipped: the laboratory has no ${image}\n`);
      return;
    }
    const examined = await examineImage(
      {
        target: `engine:${image}`,
        choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
        keepers: catalogKeepers(options.catalogers),
      },
      { limits: defaultLimits, env: engine?.env ?? {} },
    );
    const direct = scanDocument(examined, scanImage(examined, options), options);
    expect(direct.packages.length).toBeGreaterThan(10);
    for (const reporter of [cyclonedx, spdxJson]) {
      const text = reporter.render(billOf(examined, options), {});
      const validate = schemas[reporter.id as keyof typeof schemas];
      expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
      const file = join(folder, `${reporter.id}.json`);
      writeFileSync(file, text);
      const sbom = readSbomFile(file);
      const again = documentOf(sbomSubject(sbom, file), scanSbom(sbom, options), options);
      expect(findings(again)).toEqual(findings(direct));
      expect(again.target).toEqual({ ...direct.target, kind: "sbom" });
      expect(again.packages.map(({ purl }) => purl)).toEqual(direct.packages.map(({ purl }) => purl));
      // Written from what was read, it is the same text: nothing is lost on the way.
      const bill = { ...again, target: direct.target };
      expect(reporter.render(bill, {})).toBe(text);
    }
    process.stdout.write(
      `${image}: ${direct.packages.length} packages, ${direct.matches.length} matches, ${direct.suppressed.length} suppressed\n`,
    );
  });
});
