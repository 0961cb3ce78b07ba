import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examineImage } from "../../src/engine/index.ts";
import { defaultLimits, findImage, mergeLayers, scanLayer } from "../../src/image/index.ts";
import { weighImage } from "../../src/weight/index.ts";
import { pictureOfExport, pictureOfTree } from "../support/exported-tree.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { buildTortureImages } from "../support/torture-images.ts";

const engine = labEngine("13");
const images = Number(process.env["PLIMSOLL_TORTURE_IMAGES"] ?? 200);
const job = { limits: defaultLimits, env: process.env };
const choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };

describe.skipIf(!engine)("layers laid over each other", () => {
  it(`give the tree of docker export for ${images} random images, and their books balance`, {
    timeout: 900_000,
  }, async () => {
    if (!engine) return;
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-torture-"));
    const tags = buildTortureImages(engine, directory, images, "plimsoll-torture");
    try {
      const archive = join(directory, "images.tar");
      runIn(engine, directory, "docker", ["save", "-o", archive, ...tags]);
      let deaths = 0;
      for (const tag of tags) {
        const container = runIn(engine, directory, "docker", ["create", tag, "true"]).trim();
        const exported = execFileSync("docker", ["export", container], { env: engine.env, maxBuffer: 1 << 28 });
        runIn(engine, directory, "docker", ["rm", container]);
        const image = await findImage(`archive:${archive}#${tag}`, choice, job);
        const scans = await Promise.all(image.layers.map((layer) => scanLayer(layer, defaultLimits)));
        await image.close();
        const merged = mergeLayers(scans);
        deaths += merged.deaths.length;
        const picture = await pictureOfExport(exported);
        const ours = pictureOfTree(merged.tree);
        const theirs = new Set(picture.lines);
        expect(picture.lines.length).toBeGreaterThan(100);
        expect(
          ours.lines.filter((line) => !theirs.has(line)),
          tag,
        ).toEqual([]);
        expect(ours, tag).toEqual(picture);
        const { total, visible, waste } = weighImage(scans, merged, [], 0);
        const dead = waste.reduce((sum, { bytes }) => sum + bytes.unpacked, 0);
        const deadStored = waste.reduce((sum, { bytes }) => sum + bytes.stored, 0);
        expect(total.unpacked - visible.unpacked, tag).toBe(dead);
        expect(total.stored - visible.stored, tag).toBeCloseTo(deadStored, 3);
      }
      expect(deaths).toBeGreaterThan(images);
    } finally {
      runIn(engine, directory, "docker", ["rmi", "-f", ...tags]);
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe.skipIf(!engine)("the books of every image of the laboratory", () => {
  it("balance, for each layer and cause", { timeout: 300_000 }, async () => {
    if (!engine) return;
    const listed = runIn(engine, tmpdir(), "docker", [
      "image",
      "ls",
      "--format",
      "{{.ID}} {{.Repository}}",
      "--no-trunc",
    ]);
    const ids = new Set(
      listed
        .trim()
        .split("\n")
        .flatMap((line) => (/ (?:plimsoll|lab-sample)/.test(line) ? [] : (line.split(" ")[0] ?? []))),
    );
    expect(ids.size).toBeGreaterThan(5);
    for (const id of ids) {
      const { scans, weight } = await examineImage({ target: `engine:${id}`, choice }, { ...job, env: engine.env });
      const { total, visible, waste, layers } = weight;
      const sum = (of: readonly { bytes: { unpacked: number; stored: number } }[]) => ({
        unpacked: of.reduce((all, { bytes }) => all + bytes.unpacked, 0),
        stored: of.reduce((all, { bytes }) => all + bytes.stored, 0),
      });
      expect(sum(layers), id).toEqual(total);
      const dead = sum(waste);
      expect(total.unpacked - visible.unpacked, id).toBe(dead.unpacked);
      expect(total.stored - visible.stored, id).toBeCloseTo(dead.stored, 3);
      scans.forEach(({ entries, tarBytes }, index) => {
        const shares = entries.reduce((all, { storedBytes }) => all + storedBytes, 0);
        expect(shares, `${id} layer ${index}`).toBeLessThanOrEqual(tarBytes);
      });
    }
  });
});
