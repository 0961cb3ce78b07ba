import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { examineImage } from "../../src/engine/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";
import type { Origin } from "../../src/weight/index.ts";
import { type LabEngine, labEngine, runIn } from "../support/lab.ts";
import { copySample, sampleBlock, sampleNames } from "../support/samples.ts";

const lab = labEngine("13");
const choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };

function build(engine: LabEngine, directory: string, file: string, tag: string, kit: "0" | "1"): readonly string[] {
  runIn(engine, directory, "docker", ["build", "-q", "--network", "host", "-t", tag, "-f", file, "."], {
    DOCKER_BUILDKIT: kit,
  });
  const layers = runIn(engine, directory, "docker", ["image", "inspect", "-f", "{{json .RootFS.Layers}}", tag]);
  return JSON.parse(layers) as string[];
}

/** Which line brought each layer, found by building the Dockerfile up to each of its instructions: what is new is that one's. */
function linesByBuilding(
  engine: LabEngine,
  directory: string,
  text: string,
  tag: string,
  kit: "0" | "1",
): ReadonlyMap<string, number | "base"> {
  const dockerfile = parseDockerfile({ path: "Dockerfile", text });
  const found = new Map<string, number | "base">();
  const last = dockerfile.stages.at(-1);
  for (const instruction of last?.instructions ?? []) {
    if (!["FROM", "RUN", "COPY", "ADD", "WORKDIR"].includes(instruction.keyword)) continue;
    const upTo = text.slice(0, instruction.range.end);
    if (instruction.keyword === "FROM" && last?.base.kind === "scratch") continue;
    const part = `${directory}.part`; // beside the context: it must not be copied
    writeFileSync(part, `${upTo}\n`);
    const line = text.slice(0, instruction.range.start).split("\n").length;
    for (const layer of build(engine, directory, part, `${tag}-part`, kit))
      if (!found.has(layer)) found.set(layer, instruction.keyword === "FROM" ? "base" : line);
  }
  return found;
}

async function origins(engine: LabEngine, tag: string, text: string): Promise<readonly [string, Origin][]> {
  const { weight } = await examineImage(
    { target: `engine:${tag}`, choice, dockerfile: parseDockerfile({ path: "Dockerfile", text }) },
    { limits: defaultLimits, env: engine.env },
  );
  return weight.layers.map(({ diffId, origin }) => [diffId, origin]);
}

describe.skipIf(!lab)("layers of real builds are attributed", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-lines-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const names = sampleNames(lab).filter((name) => name !== "compose-stack");

  it.each(names)("to the line that brought them: %s", { timeout: 600_000 }, async (name) => {
    const { directory, expected } = copySample(lab, name, work);
    expect(sampleBlock(expected, "Smoke")).not.toBe("");
    const text = readFileSync(join(directory, "Dockerfile"), "utf8");
    const tag = `plimsoll-lines/${name}`;
    build(lab, directory, "Dockerfile", tag, "1");
    const truth = linesByBuilding(lab, directory, text, tag, "1");
    const said = await origins(lab, tag, text);
    const told = said.map(([diffId, origin]) => [
      diffId,
      origin.kind === "base" ? "base" : origin.kind === "instruction" ? origin.line : "unknown",
    ]);
    expect(told).toEqual(said.map(([diffId]) => [diffId, truth.get(diffId)]));
    for (const [, origin] of said) if (origin.kind === "instruction") expect(origin.certainty).toBe("aligned");

    // The Dockerfile has changed since: a line is said to be known by its position, or not at all, but never wrongly.
    const changed = text.replace(/^RUN .*$/m, "RUN echo this was never built");
    if (changed === text) return;
    const wrong = (await origins(lab, tag, changed)).filter(([diffId, origin]) => {
      if (origin.kind !== "instruction") return origin.kind === "base" && truth.get(diffId) !== "base";
      const line = truth.get(diffId);
      return origin.certainty === "aligned" && origin.line !== line;
    });
    expect(wrong).toEqual([]);
  });

  it("to nothing, and says so, where history was squashed away", { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(work, "squash-"));
    const text = 'FROM alpine:3.20\nRUN echo a > /a\nRUN echo b > /b\nCMD ["true"]\n';
    writeFileSync(join(directory, "Dockerfile"), text);
    build(lab, directory, "Dockerfile", "plimsoll-lines/whole", "1");
    const squash =
      "id=$(docker create plimsoll-lines/whole) && docker export $id | docker import - plimsoll-lines/squashed && docker rm $id";
    runIn(lab, directory, "bash", ["-ec", squash]);
    const said = await origins(lab, "plimsoll-lines/squashed", text);
    expect(said.map(([, { kind }]) => kind)).toEqual(["unknown"]);
  });

  it("the same whatever the image is called now", { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(work, "rename-"));
    const text = "FROM alpine:3.20\nWORKDIR /srv\nRUN echo a > a\n";
    writeFileSync(join(directory, "Dockerfile"), text);
    build(lab, directory, "Dockerfile", "plimsoll-lines/old", "1");
    runIn(lab, directory, "docker", ["tag", "plimsoll-lines/old", "plimsoll-lines/new:7"]);
    expect(await origins(lab, "plimsoll-lines/new:7", text)).toEqual(await origins(lab, "plimsoll-lines/old", text));
  });
});
