import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { examineImage } from "../../src/engine/index.ts";
import { defaultLimits, findImage } from "../../src/image/index.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { writeLayout } from "../support/oci-layout.ts";
import { copySample } from "../support/samples.ts";

const lab = labEngine("13");
const choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };

/** Samples that hide enough bytes to be worth it, and are small enough to be packed twice. */
const samples = ["alpine-static", "context-bomb", "tarball-install"];

describe.skipIf(!lab)("compressed bytes that would be saved", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-savings-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it.each(samples)("are told to within half a per cent of packing again: %s", { timeout: 300_000 }, async (name) => {
    const { directory } = copySample(lab, name, work);
    const tag = `plimsoll-savings/${name}`;
    runIn(lab, directory, "docker", ["build", "-q", "--network", "host", "-t", tag, "."], { DOCKER_BUILDKIT: "1" });
    const job = { limits: defaultLimits, env: lab.env };
    const tars = await layersOf(`engine:${tag}`, job);
    const layout = join(work, `${name}.oci`);
    writeLayout(layout, tars);
    const { merged, scans } = await examineImage({ target: `layout:${layout}`, choice }, job);
    // A directory whose entry is superseded stays in its layer: what is in it needs it.
    const dead = merged.deaths.filter(({ entry, cause }) => entry.type !== "directory" || cause !== "metadata");
    let predicted = 0;
    let actual = 0;
    let before = 0;
    scans.forEach(({ storedBytes }, layer) => {
      const gone = dead.filter((death) => death.layer === layer).map(({ entry }) => entry);
      before += storedBytes;
      predicted += storedBytes - gone.reduce((sum, entry) => sum + entry.storedBytes, 0);
      actual += gzipSync(
        without(
          tars[layer] ?? new Uint8Array(0),
          gone.map(({ raw }) => raw),
        ),
      ).length;
    });
    expect(before - actual).toBeGreaterThan(100_000);
    expect(Math.abs(predicted - actual) / actual).toBeLessThan(0.005);
    expect(Math.abs(predicted - actual) / (before - actual)).toBeLessThan(0.005);
  });
});

async function layersOf(target: string, job: Parameters<typeof findImage>[2]): Promise<Uint8Array[]> {
  const image = await findImage(target, choice, job);
  const tars: Uint8Array[] = [];
  for (const layer of image.layers) {
    const parts: Uint8Array[] = [];
    for await (const part of layer.read()) parts.push(Buffer.from(part));
    tars.push(Buffer.concat(parts));
  }
  await image.close();
  return tars;
}

function without(tar: Uint8Array, ranges: readonly (readonly [number, number])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    parts.push(tar.subarray(at, start));
    at = end;
  }
  return Buffer.concat([...parts, tar.subarray(at)]);
}
