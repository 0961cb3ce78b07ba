import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pictureOfExport, pictureOfTree, type TreePicture } from "../support/exported-tree.ts";
import { type LabEngine, labEngine, runIn } from "../support/lab.ts";
import { readImage, slimmed } from "../support/slim.ts";
import { buildTortureImages } from "../support/torture-images.ts";

const engine = labEngine("13");
const images = Number(process.env["PLIMSOLL_TORTURE_IMAGES"] ?? 200);
/** One image in so many is also loaded, run and exported. */
const loadEvery = Number(process.env["PLIMSOLL_TORTURE_LOAD_EVERY"] ?? 12);

describe.skipIf(!engine)("images rewritten without an engine", () => {
  it(`are ${images} random ones: the same to a container, never larger, twice the same bytes, and they load and run`, {
    timeout: 1_800_000,
  }, async () => {
    if (!engine) return;
    const directory = mkdtempSync(join(tmpdir(), "plimsoll-slim-"));
    const tags = buildTortureImages(engine, directory, images, "plimsoll-slim");
    const won = { "strip-dead": 0, squash: 0 };
    try {
      const archive = join(directory, "images.tar");
      runIn(engine, directory, "docker", ["save", "-o", archive, ...tags]);
      for (const [index, tag] of tags.entries()) {
        const from = `archive:${archive}#${tag}`;
        const read = await readImage(from);
        // The more layers count as the base, the more there is to hide of it.
        const baseLayers = 1 + (index % 3);
        const before = index % loadEvery === 0 ? await exported(engine, directory, tag) : undefined;
        for (const rewriter of ["strip-dead", "squash"] as const) {
          const name = `plimsoll-slimmed:${rewriter}`;
          const files = [join(directory, "one.tar"), join(directory, "two.tar")];
          for (const file of files) {
            const outcome = await slimmed(from, `archive:${file}#${name}`, { ...read, rewriter, baseLayers });
            expect(outcome.proof, `${tag} ${rewriter}`).toMatchObject({ verdict: "proved", differences: [] });
            expect(outcome.after.unpacked, tag).toBeLessThanOrEqual(outcome.before.unpacked);
            expect(outcome.after.stored, tag).toBeLessThanOrEqual(outcome.before.stored);
            expect(outcome.keptLayers, tag).toContain(0);
            if (outcome.changed && file === files[0]) won[rewriter]++;
          }
          const [first, second] = files.map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
          expect(first, tag).toBe(second);
          if (!before) continue;
          runIn(engine, directory, "docker", ["load", "-q", "-i", join(directory, "one.tar")]);
          runIn(engine, directory, "docker", ["run", "--rm", "--network", "none", name, "true"]);
          expect(await exported(engine, directory, name), `${tag} ${rewriter}`).toEqual(before);
        }
        if (before) expect(pictureOfTree(read.merged.tree), tag).toEqual(before);
      }
      expect(won["strip-dead"]).toBeGreaterThan(images / 4);
      expect(won.squash).toBeGreaterThan(images / 2);
    } finally {
      runIn(engine, directory, "docker", [
        "rmi",
        "-f",
        ...tags,
        "plimsoll-slimmed:strip-dead",
        "plimsoll-slimmed:squash",
      ]);
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

async function exported(lab: LabEngine, directory: string, tag: string): Promise<TreePicture> {
  const container = runIn(lab, directory, "docker", ["create", tag, "true"]).trim();
  try {
    return await pictureOfExport(execFileSync("docker", ["export", container], { env: lab.env, maxBuffer: 1 << 28 }));
  } finally {
    runIn(lab, directory, "docker", ["rm", container]);
  }
}
