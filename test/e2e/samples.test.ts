import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/index.ts";
import type { Measure, OpenAdvisory, ProvedImage } from "../../src/remedy/index.ts";
import { runLabel } from "../../src/remedy/index.ts";
import type { ProofOutcome } from "../../src/engine/index.ts";
import { labEngine, runIn } from "../support/lab.ts";
import { labScan, proveDirectory, proveEngine, told } from "../support/prove.ts";
import { copySample, sampleBlock, sampleNames } from "../support/samples.ts";
import { snapshot } from "../support/snapshot.ts";

const lab = labEngine();
const rows: string[] = [
  "| sample | MB before | after | change | layers | critical + high | of those with a fix | user | rejected |",
  "| --- | --: | --: | --: | --- | --- | --: | --- | --- |",
];
const changes: number[] = [];

/**
 * A container and a port of this process's own: the laboratory's engine may serve others at the same time. Which compose project
 * and files are meant, the proof says; its ports stand in its file.
 */
function apart(script: string): string {
  if (script.includes("docker-compose")) return script.replaceAll("-p smoke -f compose.yaml ", "");
  return script
    .replaceAll("--name smoke", `--name plimsoll-samples-${process.pid}`)
    .replaceAll("18080", String(20_000 + (process.pid % 10_000)));
}

describe.skipIf(!lab)("every sample project", () => {
  if (!lab) return;
  const work = mkdtempSync(join(tmpdir(), "plimsoll-e2e-samples-"));
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
    const file = process.env["PLIMSOLL_E2E_TABLE"];
    if (file) appendFileSync(file, `${rows.join("\n")}\n`);
    process.stdout.write(`${rows.join("\n")}\n`);
  });
  const only = process.env["PLIMSOLL_SAMPLE"];
  const names = sampleNames(lab).filter((name) => only === undefined || name === only);

  it.each(names)(
    "%s is proved as it is, with its own smoke test: no root, no fix left out, not grown, its directory untouched",
    { timeout: 900_000 },
    async (name) => {
      const { directory, expected } = copySample(lab, name, work);
      const before = snapshot(directory);
      const smoke = apart(sampleBlock(expected, "Smoke"));
      const outcomes = await proveDirectory(lab, await proveEngine(), directory, smoke, {
        scan: labScan(),
        policy: defaultPolicy,
      });
      expect(outcomes.length).toBeGreaterThan(0);
      rows.push(rowOf(name, outcomes));
      for (const outcome of outcomes) {
        const { proof } = outcome;
        expect(proof.verdict, told(outcome)).toBe("proved");
        expect(proof.smoke).toBe("command");
        expect(isRoot(proof.after.image), told(outcome)).toBe(false);
        expect(severeWithFix(proof.after.image).filter((one) => !cannotBeHad(one, proof.after.image))).toEqual([]);
        // The laboratory's registry has few tags, and there is no mirror for Alpine: what needs those is all that may fail.
        expect(
          proof.rejected.filter(
            ({ reason }) => !/^builds: (?:no mirror is reached|[^]*failed to resolve source metadata)/.test(reason),
          ),
        ).toEqual([]);
      }
      expect(bytesOf(outcomes, "after")).toBeLessThanOrEqual(bytesOf(outcomes, "before"));
      expect(snapshot(directory)).toBe(before);
      expect(leftOver()).toEqual([]);
    },
  );

  it.skipIf(only !== undefined)("half of them lose at least 60 % of their bytes", () => {
    const sorted = [...changes].sort((a, b) => a - b);
    expect(sorted).toHaveLength(names.length);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(-0.6);
  });

  /** What a run of this process has left in the engine. */
  function leftOver(): readonly string[] {
    const ids = ["ps -aq", "images -q", "network ls -q", "volume ls -q"].flatMap((list) =>
      runIn(lab ?? { env: {}, samples: "" }, work, "docker", [...list.split(" "), "--filter", `label=${runLabel}`])
        .split("\n")
        .filter(Boolean),
    );
    return ids.filter((id) =>
      runIn(lab ?? { env: {}, samples: "" }, work, "bash", ["-c", `docker inspect ${id} || true`]).includes(
        `-${process.pid}-`,
      ),
    );
  }
});

function isRoot(image: ProvedImage | undefined): boolean {
  return /^(?:|root|0)(?::.*)?$/.test(image?.config.user ?? "");
}

function severeWithFix(image: ProvedImage | undefined): readonly OpenAdvisory[] {
  return (image?.advisories ?? []).filter(
    ({ severity, fixedIn }) => (severity === "critical" || severity === "high") && fixedIn !== undefined,
  );
}

/**
 * What has its fix where the laboratory does not reach: its newest Go is 1.19, and of Python packages that are Debian's own the
 * fixed version is PyPI's and not the release's.
 */
function cannotBeHad({ purl }: OpenAdvisory, image: ProvedImage | undefined): boolean {
  if (purl.startsWith("pkg:golang/stdlib@1.19.")) return true;
  const files = image?.packages?.find((one) => one.purl === purl)?.files ?? [];
  return files.length > 0 && files.every((file) => file.startsWith("usr/lib/python3/dist-packages/"));
}

function sumOf(outcomes: readonly ProofOutcome[], side: "before" | "after", of: (measure: Measure) => number): number {
  return outcomes.reduce((sum, { proof }) => sum + (proof[side].image ? of(proof[side].image.measure) : Number.NaN), 0);
}

function bytesOf(outcomes: readonly ProofOutcome[], side: "before" | "after"): number {
  return sumOf(outcomes, side, ({ bytes }) => bytes);
}

function rowOf(name: string, outcomes: readonly ProofOutcome[]): string {
  const severe = (side: "before" | "after"): string =>
    (["critical", "high"] as const)
      .map((level) => sumOf(outcomes, side, ({ advisories }) => advisories?.[level] ?? Number.NaN))
      .join(" + ");
  const fixable = outcomes.flatMap(({ proof }) => severeWithFix(proof.after.image));
  const [bytes, now] = [bytesOf(outcomes, "before"), bytesOf(outcomes, "after")];
  changes.push(now / bytes - 1);
  const cells = [
    name,
    (bytes / 1e6).toFixed(1),
    (now / 1e6).toFixed(1),
    `${(100 * (now / bytes - 1)).toFixed(1)} %`,
    `${sumOf(outcomes, "before", ({ layers }) => layers)} → ${sumOf(outcomes, "after", ({ layers }) => layers)}`,
    `${severe("before")} → ${severe("after")}`,
    `${fixable.length}${fixable.length > 0 ? ` (${[...new Set(fixable.map((one) => one.package))].join(", ")})` : ""}`,
    outcomes.map(({ proof }) => proof.after.image?.config.user || "root").join(", "),
    outcomes.flatMap(({ proof }) => proof.rejected.map(({ action }) => action.rule)).join(", ") || "none",
  ];
  return `| ${cells.join(" | ")} |`;
}
