import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
import { type Dockerfile, parseDockerfile } from "../../src/syntax/index.ts";
import { partOfAdvisories, sharedData } from "../support/advisory-data.ts";
import { cyclonedxSchema, spdxSchema } from "../support/bom-schemas.ts";
import { labEngine, runIn } from "../support/lab.ts";

const advisories = sharedData("advisories");
const engine = advisories ? labEngine() : undefined;
/** A Python package of the distribution's, and one that pip brought, in a layer whose line is known. */
const owned = `FROM debian:12
RUN cd /usr/lib && mkdir -p python3/dist-packages/cryptography-41.0.0.dist-info python3.11/site-packages/cryptography-40.0.0.dist-info && \\
    printf 'Metadata-Version: 2.1\\nName: cryptography\\nVersion: 41.0.0\\n' > python3/dist-packages/cryptography-41.0.0.dist-info/METADATA && \\
    printf 'Metadata-Version: 2.1\\nName: cryptography\\nVersion: 40.0.0\\n' > python3.11/site-packages/cryptography-40.0.0.dist-info/METADATA && \\
    printf '\\nPackage: python3-cryptography\\nSource: openssl\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 3.0.19-1\\n' >> /var/lib/dpkg/status && \\
    echo /usr/lib/python3/dist-packages/cryptography-41.0.0.dist-info/METADATA > /var/lib/dpkg/info/python3-cryptography.list
`;
const ownedImage = "plimsoll-round-trip:owned";
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

  const present = (image: string): boolean =>
    spawnSync("docker", ["image", "inspect", image], { env: engine?.env ?? {}, stdio: "ignore" }).status === 0;

  const roundTrip = async (image: string, dockerfile?: Dockerfile): Promise<ScanDocument> => {
    const examined = await examineImage(
      {
        target: `engine:${image}`,
        choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
        keepers: catalogKeepers(options.catalogers),
        ...(dockerfile ? { dockerfile } : {}),
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
      // Written from what was read, it is the same text: nothing is lost on the way.
      expect(reporter.render({ ...again, target: direct.target }, {})).toBe(text);
    }
    return direct;
  };

  it.each(images)("%s", { timeout: 180_000 }, async (image) => {
    if (present(image)) await roundTrip(image);
    else process.stderr.write(`skipped: the laboratory has no ${image}\n`);
  });

  it("an image with packages of both, and lines that brought them", { timeout: 180_000 }, async () => {
    if (!engine || !present("debian:12")) {
      process.stderr.write("skipped: the laboratory has no debian:12\n");
      return;
    }
    const context = mkdtempSync(join(tmpdir(), "plimsoll-round-trip-"));
    try {
      writeFileSync(join(context, "Dockerfile"), owned);
      runIn(engine, context, "docker", ["build", "-q", "-t", ownedImage, "."]);
      const { packages, matches, suppressed } = await roundTrip(
        ownedImage,
        parseDockerfile({ path: "Dockerfile", text: owned }),
      );
      const pip = packages.filter(({ type }) => type === "pypi");
      expect(pip.map(({ version, owner }) => [version, owner?.replace(/@.*/, "")])).toEqual([
        ["40.0.0", undefined],
        ["41.0.0", "pkg:deb/debian/python3-cryptography"],
      ]);
      expect(pip.map(({ origin }) => origin?.kind)).toEqual(["instruction", "instruction"]);
      expect(matches.some(({ name, version }) => name === "cryptography" && version === "40.0.0")).toBe(true);
      expect(
        suppressed.some(({ suppression }) => suppression.by.startsWith("pkg:deb/debian/python3-cryptography")),
      ).toBe(true);
    } finally {
      rmSync(context, { recursive: true, force: true });
      spawnSync("docker", ["image", "rm", ownedImage], { env: engine.env, stdio: "ignore" });
    }
  });
});
