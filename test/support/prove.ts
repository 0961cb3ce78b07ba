import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseStore } from "../../src/advisories/index.ts";
import {
  createEngine,
  type Engine,
  openBuildables,
  type ProofOutcome,
  type ProveFixesRequest,
  proveProject,
  type ScanOptions,
} from "../../src/engine/index.ts";
import { readOfficialImages } from "../../src/host/index.ts";
import { defaultLimits, openLayerCache } from "../../src/image/index.ts";
import { defaultPolicy, type Policy } from "../../src/index.ts";
import { builtInCatalogers } from "../../src/packages/index.ts";
import { builtInImageRules, builtInRules, type Rule } from "../../src/rules/index.ts";
import type { LabEngine } from "./lab.ts";

/** Kept from run to run, as a user's is. */
const cache = join(tmpdir(), "plimsoll-test-cache");
const layers = openLayerCache({ directory: join(cache, "layers"), maximumBytes: 1e9, now: Date.now });

/** The laboratory has bases under their usual names only: exact tags of the real ones cannot be pulled there. */
export const labPolicy: Policy = {
  ...defaultPolicy,
  severities: {
    "tag-floats": "off",
    "base-latest": "off",
    "base-untagged": "off",
    "base-unsupported-tag": "off",
    "copy-from-untagged": "off",
  },
};

export function proveEngine(more: readonly Rule<"dockerfile">[] = []): Promise<Engine> {
  return createEngine({
    rules: [...builtInRules, ...more],
    imageRules: builtInImageRules,
    officialImages: readOfficialImages,
    today: "2026-11-24",
  });
}

/** The advisories that ship with Plimsoll, so that every machine finds the same. */
export function labScan(): ScanOptions {
  return {
    catalogers: builtInCatalogers.filter(({ evidence }) => evidence === "installed"),
    store: chooseStore({ cache }),
    today: "2026-11-24",
    version: "0.0.0-test",
  };
}

type More = Partial<Pick<ProveFixesRequest, "claims" | "scopeOf" | "scan" | "levels" | "policy">>;

/** Proves the likely fixes of the Dockerfile in a directory, with the laboratory's network. */
export async function proveDockerfile(
  lab: LabEngine,
  engine: Engine,
  directory: string,
  smoke: string | undefined,
  more: More = {},
): Promise<ProofOutcome> {
  const [outcome] = await proveDirectory(lab, engine, directory, smoke, more, join(directory, "Dockerfile"));
  if (!outcome) throw new Error(`no Dockerfile in ${directory}`);
  return outcome;
}

/** The same of all Dockerfiles below it, with the compose file beside them where there is one. */
export async function proveDirectory(
  lab: LabEngine,
  engine: Engine,
  directory: string,
  smoke: string | undefined,
  more: More = {},
  target: string = directory,
): Promise<readonly ProofOutcome[]> {
  const policy = more.policy ?? labPolicy;
  const { buildables } = await openBuildables({ root: directory, targets: [target], policy });
  const outcomes: ProofOutcome[] = [];
  await proveProject(
    engine,
    buildables,
    {
      root: directory,
      policy,
      levels: { likely: true },
      mostTrials: 30,
      settings: {
        choice: { platform: { os: "linux", architecture: "amd64" }, platformAsked: false },
        network: "host",
        milliseconds: 600_000,
        smoke: {
          directory,
          stayUpMilliseconds: 3_000,
          milliseconds: 60_000,
          ...(smoke === undefined ? {} : { command: smoke }),
        },
      },
      ...more,
    },
    { limits: defaultLimits, env: lab.env, cache: layers },
    (_, outcome) => outcomes.push(outcome),
  );
  return outcomes;
}

/** What a proof says where it fails, for a test's message. */
export function told({ proof }: ProofOutcome): string {
  return [
    `${proof.verdict}${proof.because === undefined ? "" : `: ${proof.because}`}`,
    ...proof.checks.filter(({ ok }) => !ok).map(({ gate, detail }) => `${gate} ${detail}`),
    ...proof.rejected.map(({ action, reason }) => `rejected ${action.id}: ${reason}`),
  ].join("\n");
}

export function textOf(directory: string, name: string): string {
  return readFileSync(join(directory, name), "utf8");
}
