import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Digest } from "../../src/core/index.ts";
import { withImage, jobWith } from "../support/image-view.ts";
import { type LabEngine, labEngine, runIn } from "../support/lab.ts";
import { slimmed } from "../support/slim.ts";

const engine = labEngine("13");
const directory = mkdtempSync(join(tmpdir(), "plimsoll-slim-lab-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Stored {
  readonly diffId: Digest;
  readonly digest?: Digest;
  readonly size?: number;
}

const layersOf = (target: string): Promise<readonly Stored[]> =>
  withImage(target, jobWith(), ({ layers }) =>
    layers.map(({ diffId, digest, size }) => ({
      diffId,
      ...(digest === undefined ? {} : { digest }),
      ...(size === undefined ? {} : { size }),
    })),
  );

/** Bytes that somebody who has one image pulls for another. */
function pullDelta(has: readonly Stored[], wants: readonly Stored[]): number {
  const there = new Set(has.map(({ digest }) => digest));
  return wants.reduce((sum, { digest, size }) => sum + (there.has(digest) ? 0 : (size ?? 0)), 0);
}

describe.skipIf(!engine)("images of the laboratory", () => {
  const registry = engine?.env["LAB_REGISTRY"] ?? "";

  it.each([
    ["python:3.11-slim", "python3 --version"],
    ["node:20-slim", "node --version"],
  ])(
    "%s goes from registry to registry, its base byte for byte, and runs",
    { timeout: 170_000 },
    async (name, command) => {
      if (!engine) return;
      const from = `registry:${registry}/library/${name}`;
      const base = await layersOf(`registry:${registry}/library/debian:bookworm-slim`).catch(() => []);
      const input = await layersOf(from).catch(() => undefined);
      if (!input) {
        process.stderr.write(`skipped: the laboratory has no ${name}\n`);
        return;
      }
      const shared = base.findIndex(({ diffId }, index) => input[index]?.diffId !== diffId);
      const baseLayers = base.length > 0 && shared < 0 ? base.length : 0;
      for (const rewriter of ["strip-dead", "squash"]) {
        const to = `${registry}/plimsoll-test/slimmed:${name.replace(":", "-")}-${rewriter}`;
        const outcome = await slimmed(from, `registry:${to}`, { rewriter, baseLayers });
        expect(outcome.proof.verdict).toBe("proved");
        expect(outcome.after.stored).toBeLessThanOrEqual(outcome.before.stored);
        const output = await layersOf(outcome.written ?? "");
        expect(output.slice(0, baseLayers)).toEqual(input.slice(0, baseLayers));
        runIn(engine, directory, "docker", ["pull", "-q", to]);
        const said = runIn(engine, directory, "docker", [
          "run",
          "--rm",
          "--network",
          "none",
          "--entrypoint",
          "sh",
          to,
          "-c",
          command,
        ]);
        expect(said).toMatch(/\d+\.\d+/);
        runIn(engine, directory, "docker", ["rmi", "-f", to]);
      }
    },
  );

  it("that are versions of one application share what did not change once they are layered for reuse", {
    timeout: 170_000,
  }, async () => {
    if (!engine) return;
    const targets = ["1", "2"].map((version) => `archive:${buildVersion(engine, version)}#plimsoll-delta:${version}`);
    const plain: (readonly Stored[])[] = [];
    const layered: (readonly Stored[])[] = [];
    for (const [index, from] of targets.entries()) {
      for (const [rewriter, into] of [
        ["strip-dead", plain],
        ["relayer", layered],
      ] as const) {
        const to = join(directory, `${rewriter}-${index}`);
        const options = { rewriter, baseLayers: 1, epoch: 1_700_000_000, recompress: "gzip-9" } as const;
        const outcome = await slimmed(from, `oci:${to}`, options);
        expect(outcome.proof).toMatchObject({ verdict: "proved" });
        into.push(await layersOf(`layout:${to}`));
      }
    }
    const before = pullDelta(plain[0] ?? [], plain[1] ?? []);
    const after = pullDelta(layered[0] ?? [], layered[1] ?? []);
    expect(before).toBeGreaterThan(100_000);
    expect(after).toBeLessThan(before / 20);
    if (process.env["PLIMSOLL_VERBOSE"]) process.stdout.write(`pull delta ${before} -> ${after}\n`);
    runIn(engine, directory, "docker", ["rmi", "-f", "plimsoll-delta:1", "plimsoll-delta:2"]);
  });

  it("are rewritten straight from the engine, and load into an older one", { timeout: 170_000 }, async () => {
    const older = labEngine("12");
    if (!engine || !older) return;
    const from = buildVersion(engine, "3") && "engine:plimsoll-delta:3";
    const file = join(directory, "older.tar");
    for (const rewriter of ["strip-dead", "squash", "relayer"]) {
      const name = `plimsoll-older:${rewriter}`;
      const outcome = await slimmed(from, `archive:${file}#${name}`, { rewriter, baseLayers: 1 }, engine.env);
      expect(outcome.proof.verdict).toBe("proved");
      for (const lab of [older, engine]) {
        runIn(lab, directory, "docker", ["load", "-q", "-i", file]);
        const said = runIn(lab, directory, "docker", ["run", "--rm", "--network", "none", name, "cat", "/app/main.js"]);
        expect(said).toBe("version 3\n");
        runIn(lab, directory, "docker", ["rmi", "-f", name]);
      }
    }
    runIn(engine, directory, "docker", ["rmi", "-f", "plimsoll-delta:3"]);
  });
});

/** Builds and saves a version of an application whose Dockerfile copies it before it fetches what it depends on. */
function buildVersion(lab: LabEngine, version: string): string {
  const context = join(directory, `context-${version}`);
  mkdirSync(context);
  writeFileSync(join(context, "main.js"), `version ${version}\n`);
  writeFileSync(
    join(context, "Dockerfile"),
    `FROM alpine:3.20
WORKDIR /app
COPY main.js /app/main.js
RUN mkdir -p node_modules/a node_modules/b && head -c 300000 /bin/busybox > node_modules/a/index.js && cp -a /lib/libcrypto.so.3 node_modules/b/ \\
 && cp /bin/busybox /usr/local/bin/tool && echo x > /var/log/build.log && date +%N > /tmp/stamp
RUN chmod 755 /usr/local/bin/tool && touch /usr/local/bin/tool && rm -f /tmp/stamp
`,
  );
  runIn(lab, context, "docker", ["build", "-q", "--no-cache", "-t", `plimsoll-delta:${version}`, "."]);
  const file = join(directory, `version-${version}.tar`);
  runIn(lab, directory, "docker", ["save", "-o", file, `plimsoll-delta:${version}`]);
  return file;
}
