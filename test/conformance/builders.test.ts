import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { examineImage } from "../../src/engine/index.ts";
import { newRunId, runTool } from "../../src/host/index.ts";
import { defaultLimits } from "../../src/image/index.ts";
import {
  type BuildRequest,
  type Builder,
  builders,
  removeRun,
  runLabel,
  sweepDeadRuns,
} from "../../src/remedy/index.ts";
import { labEngine } from "../support/lab.ts";

const lab = labEngine();
const choice = { platform: { os: "linux", architecture: "amd64" }, platformAsked: false };

describe.skipIf(!lab)("every builder", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-builders-"));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const job = { env: lab.env };
  writeFileSync(join(work, "Dockerfile"), "FROM scratch\nARG NAME=none\nENV NAME=$NAME\nCOPY . /app/\n");
  writeFileSync(join(work, ".dockerignore"), "left-out\n");
  for (const name of ["kept", "left-out"]) writeFileSync(join(work, name), name);

  const request = (run: string, more: Partial<BuildRequest> = {}): BuildRequest => ({
    context: work,
    dockerfile: join(work, "Dockerfile"),
    ignoreFile: join(work, ".dockerignore"),
    buildArgs: ["NAME=said"],
    tag: `plimsoll-prove/${run}:0`,
    label: `${runLabel}=${run}`,
    milliseconds: 60_000,
    ...more,
  });
  const isThere = async (builder: Builder): Promise<boolean> => {
    const there = await builder.available(job);
    if (!there) process.stderr.write(`skipped: ${builder.id} is not here\n`);
    return there;
  };
  const imagesOf = async (builder: Builder, run: string): Promise<string> =>
    (
      await runTool(builder.program, ["images", "-q", "--filter", `label=${runLabel}=${run}`], {
        ...job,
        milliseconds: 30_000,
      })
    ).output.trim();

  it.each(builders.map((builder) => [builder.id, builder] as const))(
    "%s makes the same image of the same request, and takes it away again",
    { timeout: 120_000 },
    async (_, builder) => {
      if (!(await isThere(builder))) return;
      const run = newRunId();
      const outcome = await builder.build(request(run), job);
      if ("failure" in outcome) throw new Error(outcome.failure);
      const { image, merged } = await examineImage(
        { target: outcome.reference, choice },
        { limits: defaultLimits, env: lab.env },
      );
      expect([...merged.tree.all()].map(({ path }) => path).filter((path) => path.startsWith("app/"))).toEqual(
        ["app/.dockerignore", "app/Dockerfile", "app/kept"].filter((path) => merged.tree.get(path)),
      );
      expect(merged.tree.get("app/kept")).toBeDefined();
      expect(merged.tree.get("app/left-out")).toBeUndefined();
      expect(image.config.env).toContain("NAME=said");
      expect(image.config.labels[runLabel]).toBe(run);
      await removeRun(builder, run, job);
      expect(await imagesOf(builder, run)).toBe("");
    },
  );

  it.each(builders.map((builder) => [builder.id, builder] as const))(
    "%s says why a build fails, without the secrets it was given, and ends one that takes too long",
    { timeout: 120_000 },
    async (_, builder) => {
      if (!(await isThere(builder))) return;
      const run = newRunId();
      const bad = join(work, `bad-${builder.id}`);
      writeFileSync(bad, "FROM alpine:3.20\nARG TOKEN\nRUN echo about $TOKEN && exit 7\n");
      const failed = await builder.build(
        request(run, { dockerfile: bad, buildArgs: ["TOKEN=hush-hush"], network: "host" }),
        job,
      );
      const why = "failure" in failed ? failed.failure : "";
      expect(why).not.toBe("");
      expect(why).not.toContain("hush-hush");
      const slow = join(work, `slow-${builder.id}`);
      writeFileSync(slow, "FROM alpine:3.20\nRUN echo $$ > /dev/null && sleep 97\n");
      const late = await builder.build(request(run, { dockerfile: slow, milliseconds: 6_000, network: "host" }), job);
      expect("failure" in late && late.failure).toBeTruthy();
      await removeRun(builder, run, job);
      expect(await imagesOf(builder, run)).toBe("");
    },
  );

  it("what a run of this machine has left that is no more is swept, others' are not", {
    timeout: 120_000,
  }, async () => {
    const [builder] = builders;
    if (!builder || !(await isThere(builder))) return;
    const host = newRunId().split("-")[0] ?? "";
    const dead = `${host}-4194305-1-00000000`;
    const foreign = "00000000-4194305-1-00000000";
    for (const run of [dead, foreign]) await builder.build(request(run), job);
    await sweepDeadRuns(builder, job);
    expect(await imagesOf(builder, dead)).toBe("");
    expect(await imagesOf(builder, foreign)).not.toBe("");
    await removeRun(builder, foreign, job);
    expect(existsSync(join(work, "kept"))).toBe(true);
  });
});
