import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { BaseDocument } from "../../src/report/index.ts";
import { labEngine } from "../support/lab.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const work = mkdtempSync(join(tmpdir(), "plimsoll-base-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const registry = "127.0.0.1:5000";
const lab = labEngine();
const answers =
  lab !== undefined && spawnSync("curl", ["-fsS", "--max-time", "5", `http://${registry}/v2/`]).status === 0;
if (lab && !answers) process.stderr.write("skipped: no registry answers in the laboratory\n");

function run(args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: work,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", PLIMSOLL_CACHE: join(work, "cache"), DOCKER_HOST: "unix:///nowhere.sock" },
  });
  return { status, out: stdout, err: stderr };
}

function choose(...args: readonly string[]): BaseDocument {
  const { status, out, err } = run(["base", ...args, "-f", "json"]);
  expect([status, err]).toEqual([0, ""]);
  return JSON.parse(out) as BaseDocument;
}

describe("plimsoll base without a network", () => {
  it("says for every row that it is offline knowledge, and as of when", () => {
    const { options, recommended } = choose("python:3.9", "--offline");
    expect(options.map(({ kind, reference }) => [kind, reference])).toEqual([
      ["current", "python:3.9"],
      ["slim", "python:3.9-slim"],
      ["alpine", "python:3.9-alpine"],
      ["line", expect.stringMatching(/^python:3\.10\./)],
      ["line-slim", expect.stringMatching(/^python:3\.10\..*slim/)],
      ["distroless", "gcr.io/distroless/python3-debian12"],
    ]);
    for (const { measured, offline } of options) {
      expect(measured).toBeUndefined();
      expect(offline?.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(recommended).toBeUndefined();
  });

  it("finds the base in a Dockerfile, in its last stage or the one that is named", () => {
    writeFileSync(
      join(work, "Dockerfile"),
      "ARG V=1.26\nFROM golang:$V AS build\nRUN go build\nFROM debian:12 AS runtime\nFROM runtime\nCOPY --from=build /app /\n",
    );
    expect(choose(".", "--offline")).toMatchObject({ reference: "debian:12", place: { path: "Dockerfile", line: 4 } });
    expect(choose("Dockerfile", "--target", "build", "--offline")).toMatchObject({
      reference: "golang:1.26",
      place: { path: "Dockerfile", line: 2 },
    });
  });

  it("says what it cannot do, with what to type instead", () => {
    writeFileSync(join(work, "empty.Dockerfile"), "FROM scratch\n");
    expect(run(["base", "empty.Dockerfile"])).toMatchObject({ status: 2, err: expect.stringContaining("scratch") });
    expect(run(["base", "Dockerfile", "--target", "none"])).toMatchObject({ status: 2 });
    expect(run(["base", "python:3.9", "--timeout", "soon"])).toMatchObject({ status: 2 });
    expect(run(["base", "python:3.9", "--mirror", "nothing"])).toMatchObject({ status: 2 });
  });
});

describe.skipIf(!answers)("plimsoll base on the laboratory's registry", () => {
  /** What the registry has of each, and what it lacks. */
  it.each([
    ["python:3.9", ["python:3.9", "python:3.9-slim"]],
    ["node:20", ["node:20", "node:20-slim"]],
    ["debian:bullseye", ["debian:11-slim", "debian:12", "debian:12-slim", "debian:bullseye"]],
    ["alpine:3.10", ["alpine:3.10"]],
    ["golang:1.19", ["golang:1.19"]],
  ])(
    "%s: measures what the registry has and marks the rest as offline knowledge",
    (reference, there) => {
      const { options, gaps } = choose(reference, "--registry", registry);
      expect(gaps).toEqual([]);
      expect(
        options
          .filter(({ measured }) => measured)
          .map((one) => one.reference)
          .sort(),
      ).toEqual(there);
      expect(options.slice(there.length).every(({ offline }) => offline)).toBe(true);
      for (const { measured, offline } of options) {
        expect([measured, offline].filter(Boolean).length).toBe(1);
        if (measured) {
          expect(measured).toMatchObject({ from: "registry", platform: "linux/amd64" });
          expect(measured.storedBytes).toBeLessThan(measured.bytes);
          expect(measured.packages).toBeGreaterThan(10);
        }
      }
    },
    120_000,
  );

  it("counts what scan counts", () => {
    const { options } = choose("debian:bullseye", "--registry", registry);
    const scanned = run(["scan", `registry:${registry}/library/debian:bullseye`, "-f", "json", "--fail-on", "none"]);
    const { counts, packages } = JSON.parse(scanned.out) as { counts: object; packages: readonly object[] };
    const { measured } = options.find(({ kind }) => kind === "current") ?? {};
    expect(measured?.advisories).toEqual(counts);
    expect(measured?.packages).toBe(packages.length);
  }, 60_000);

  it("recommends the slim variant of a fat base, and says so in text", () => {
    const { out, status } = run(["base", "node:20", "--registry", registry]);
    expect(status).toBe(0);
    expect(out).toContain("best without a change of libc or version: node:20-slim");
    expect(out).toMatch(/^1 {2}node:20-slim .*slim/m);
    expect(out).toContain("offline knowledge as of");
    expect(out).toContain("libc: glibc → musl");
  }, 60_000);

  it("reads docker.io's names from a mirror, wherever an image is named", () => {
    const { status, out } = run(["weigh", "registry:alpine:3.20", "--mirror", `docker.io=${registry}`, "-f", "json"]);
    expect(status).toBe(0);
    expect(out).toContain("docker.io/library/alpine:3.20");
  }, 60_000);
});
