import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExaminedImage, examineImage } from "../../src/engine/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";
import { type ContainerdEngine, startContainerdEngine } from "../support/containerd-engine.ts";
import { labEngine, runIn } from "../support/lab.ts";

const lab = labEngine("13");
const registry = "127.0.0.1:5000";
const text = `# comment
FROM ${registry}/library/alpine:3.20 AS build
RUN echo built > /out
FROM ${registry}/library/alpine:3.20
WORKDIR /srv
COPY --from=build /out .
RUN echo one > /one && \\
    echo two > /two
CMD ["true"]
`;

describe.skipIf(!lab)("a builder's provenance", () => {
  const directory = mkdtempSync(join(tmpdir(), "plimsoll-provenance-"));
  let engine: ContainerdEngine | undefined;
  beforeAll(async () => {
    engine = lab && (await startContainerdEngine(lab));
    writeFileSync(join(directory, "Dockerfile"), text);
  }, 60_000);
  afterAll(() => {
    engine?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  function open(target: string, built = text): Promise<ExaminedImage> {
    return examineImage(
      {
        target,
        choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
        dockerfile: parseDockerfile({ path: "app/Dockerfile", text: built }),
      },
      { limits: defaultLimits, env: engine?.env ?? {} },
    );
  }

  function told({ weight }: ExaminedImage) {
    return weight.layers.map(({ origin }) =>
      origin.kind === "instruction"
        ? `${origin.at.kind === "source" ? origin.at.path : ""}:${origin.line} ${origin.certainty}`
        : origin.kind,
    );
  }

  it("names the line of every layer, whatever lies beside the image now", { timeout: 120_000 }, async () => {
    if (!engine) return;
    const archive = join(directory, "image.tar");
    const output = `type=oci,dest=${archive}`;
    const how = ["--network", "host", "--provenance=mode=max", "--output", output];
    runIn(engine, directory, "docker", ["buildx", "build", ...how, "."]);
    const lines = ["base", "app/Dockerfile:5 exact", "app/Dockerfile:6 exact", "app/Dockerfile:7 exact"];
    expect(told(await open(`archive:${archive}`))).toEqual(lines);
    const other = await open(`archive:${archive}`, "FROM scratch\nCOPY a /a\n");
    expect(told(other)).toEqual(lines.map((line) => line.replace("app/", "")));
    expect(other.image.attestations).toBe(1);
  });

  it("is not needed: an image of an engine with containerd's store is aligned", { timeout: 120_000 }, async () => {
    if (!engine) return;
    runIn(engine, directory, "docker", ["build", "-q", "--network", "host", "-t", "plimsoll-provenance", "."]);
    const found = told(await open("engine:plimsoll-provenance"));
    expect(found).toHaveLength(4);
    expect(found.map((line) => line.replace(/ (?:exact|aligned)$/, ""))).toEqual([
      "base",
      "app/Dockerfile:5",
      "app/Dockerfile:6",
      "app/Dockerfile:7",
    ]);
  });
});
