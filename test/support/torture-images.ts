import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomSource } from "./generate.ts";
import { type LabEngine, runIn } from "./lab.ts";
import { tortureStages } from "./torture.ts";

/**
 * Builds the family of random images as stages of one Dockerfile, so that shared layers are made once; gives their tags, all of
 * `repository`. The same number of images is the same family, which the engine then has in its cache.
 */
export function buildTortureImages(
  lab: LabEngine,
  directory: string,
  images: number,
  repository: string,
): readonly string[] {
  const { stages, leaves } = tortureStages(randomSource(20261124), images, 3, 9);
  const text = stages.map(({ parent, script }, index) =>
    index === 0 ? "FROM alpine:3.20 AS s0" : `FROM s${parent} AS s${index}\nRUN ${script}`,
  );
  writeFileSync(join(directory, "Dockerfile"), `${text.join("\n")}\n`);
  const target = Object.fromEntries(
    leaves.map((leaf) => [`i${leaf}`, { context: ".", target: `s${leaf}`, tags: [`${repository}:i${leaf}`] }]),
  );
  writeFileSync(join(directory, "bake.json"), JSON.stringify({ target }));
  const all = Object.keys(target);
  // A few at a time: an engine that is asked for hundreds at once forgets some.
  for (let at = 0; at < all.length; at += 10)
    runIn(lab, directory, "docker", ["buildx", "bake", "--load", "-f", "bake.json", ...all.slice(at, at + 10)]);
  return leaves.map((leaf) => `${repository}:i${leaf}`);
}
