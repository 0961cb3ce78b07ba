import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { applyEdits } from "../../src/core/index.ts";
import type { PlanDocument, ScanDocument } from "../../src/report/index.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { copySample, sampleNames } from "../support/samples.ts";

const cli = resolve(import.meta.dirname, "../../dist/cli.cjs");
const work = mkdtempSync(join(tmpdir(), "plimsoll-plan-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const lab = labEngine();

function run(directory: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...env, NO_COLOR: "1", PLIMSOLL_CACHE: join(work, "cache") },
  });
  return { status, out: stdout, err: stderr };
}

function planOf(directory: string, args: readonly string[] = [], env?: NodeJS.ProcessEnv): PlanDocument {
  const { out, err } = run(directory, ["plan", ".", ...args, "-f", "json"], env);
  expect(err).toBe("");
  return JSON.parse(out) as PlanDocument;
}

describe("plimsoll plan", () => {
  it("ranks what a Dockerfile alone tells, each action with its edits, and writes nothing", () => {
    const directory = join(work, "alone");
    mkdirSync(directory);
    const text = "FROM debian:11\nRUN apt-get update\nRUN apt-get install -y curl\nCMD curl localhost\n";
    writeFileSync(join(directory, "Dockerfile"), text);
    const { actions, unanswered } = planOf(directory);
    expect(actions.length).toBeGreaterThan(2);
    expect(actions.map(({ remedy }) => remedy)).toEqual(expect.arrayContaining(["merge-runs", "rule-fix"]));
    for (const { edits } of actions)
      expect(() =>
        applyEdits(
          text,
          edits.filter(({ path }) => path === "Dockerfile"),
        ),
      ).not.toThrow();
    expect(new Set(unanswered).size).toBe(unanswered.length);
    const { out } = run(directory, ["plan", "."]);
    expect(out).toMatch(/^Plan for Dockerfile\n\n {2}1 {2}\w/);
  });
});

describe.skipIf(!lab)("plimsoll plan on the laboratory's samples", () => {
  const samples = lab ? sampleNames(lab) : [];
  it.each(samples)(
    "%s: is the same twice, and has something to do for what is bad",
    (name) => {
      if (!lab) return;
      const { directory } = copySample(lab, name, work);
      const first = planOf(directory);
      expect(planOf(directory)).toEqual(first);
      if (!name.startsWith("good-")) expect(first.actions.length).toBeGreaterThan(3);
    },
    60_000,
  );

  it("upgrades what the base lacks fixes for, and the image built so lacks none of them", () => {
    if (!lab) return;
    const directory = join(work, "upgrade");
    mkdirSync(directory);
    const text = 'FROM debian:11-slim\nCOPY hello /hello\nUSER 65534\nCMD ["cat", "/hello"]\n';
    writeFileSync(join(directory, "Dockerfile"), text);
    writeFileSync(join(directory, "hello"), "hello\n");
    const tag = `plimsoll-plan-${process.pid}`;
    try {
      runIn(lab, directory, "docker", ["build", "-q", "--network", "host", "-t", `${tag}:before`, "."]);
      const plan = planOf(directory, ["--image", `${tag}:before`], lab.env);
      const upgrade = plan.actions.find(({ remedy }) => remedy === "package-upgrade");
      expect(upgrade).toMatchObject({ safety: "likely", edits: [{ path: "Dockerfile" }] });
      expect(upgrade?.closes.length).toBeGreaterThan(5);
      expect(plan.packages.every(({ cause }) => cause === "base" || cause === "not-needed")).toBe(true);
      writeFileSync(join(directory, "Dockerfile"), applyEdits(text, upgrade?.edits ?? []));
      runIn(lab, directory, "docker", ["build", "-q", "--network", "host", "-t", `${tag}:after`, "."]);
      const scanned = run(directory, ["scan", `${tag}:after`, "-f", "json", "--fail-on", "none"], lab.env);
      const { matches } = JSON.parse(scanned.out) as ScanDocument;
      const closed = new Set(upgrade?.closes.map((one) => one.replace(/ pkg:deb\/debian\/([^@]+)@.*$/, " $1")));
      // What the archive does not have yet, no upgrade brings: of what was promised at most a few.
      expect(
        matches.filter(({ id, name }) => closed.has(`${id} ${name}`)).map(({ id, name }) => `${id} ${name}`),
      ).toEqual([]);
      const checked = run(directory, ["check", ".", "--image", `${tag}:before`, "--fail-on", "none"], lab.env);
      expect(checked.out).toMatch(/Worth doing first.*\n {2}1\. .*\n {2}2\. .*\n {2}3\. .*\n$/);
    } finally {
      for (const name of ["before", "after"]) spawnSync("docker", ["rmi", "-f", `${tag}:${name}`], { env: lab.env });
    }
  }, 180_000);
});
