import type { ProofConditions, ProofDocument, ProvedAction, ProvedSide } from "../report/index.ts";
import type { Action, OpenAdvisory, Side } from "../remedy/index.ts";
import { formatPlatform } from "../image/index.ts";
import type { BuildSettings, ProveRequest } from "./proof-bench.ts";
import type { ProofOutcome } from "./prove.ts";

const withoutBuilder =
  "start a Docker Engine, set DOCKER_HOST, or install podman or buildah: then `plimsoll fix --prove` builds and runs it";

/**
 * A proof as one value.
 * @param target the Dockerfile, or what was held against what
 * @param diff the change, as a unified diff without colours
 */
export function proofDocument(
  outcome: ProofOutcome,
  request: ProveRequest,
  names: { readonly target: string; readonly diff: string; readonly version: string },
): ProofDocument {
  const { proof } = outcome;
  const sides = { before: sideOf(proof.before), after: sideOf(proof.after) };
  const built = sides.before && sides.after;
  const hint = hintOf(outcome);
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version: names.version },
    target: names.target,
    verdict: proof.verdict,
    ...(proof.because === undefined ? {} : { because: proof.because }),
    ...(hint === undefined ? {} : { hint }),
    conditions: conditionsOf(outcome, request),
    checks: proof.checks,
    ...(built && sides.before && sides.after ? { before: sides.before, after: sides.after } : {}),
    findings: { before: proof.before.findings.length, after: proof.after.findings.length },
    kept: proof.kept.map(actionOf),
    rejected: proof.rejected.map(({ action, reason }) => ({ ...actionOf(action), reason })),
    fixed: fixedBetween(proof.before.image?.advisories ?? [], proof.after.image?.advisories),
    diff: names.diff,
    gaps: outcome.gaps,
  };
}

function hintOf({ proof, builder }: ProofOutcome): string | undefined {
  if (proof.verdict === "static" && builder === undefined) return withoutBuilder;
  if (proof.verdict === "static") return "see that it builds first; --network, --build-arg and --target may be missing";
  return proof.verdict === "built" ? "say how to see that it works: --smoke 'docker run --rm \"$IMAGE\" …'" : undefined;
}

function sideOf({ image }: Side): ProvedSide | undefined {
  return image && { ...image.measure, digest: image.digest };
}

function conditionsOf({ proof, builder }: ProofOutcome, { settings, policy, scan }: ProveRequest): ProofConditions {
  return {
    ...(builder === undefined ? {} : { builder }),
    network: settings.network ?? "default",
    platform: settings.platform ?? formatPlatform(settings.choice.platform),
    buildArguments: namesOf(settings),
    ...(proof.smoke === undefined ? {} : { smoke: proof.smoke }),
    failOn: policy.failOn,
    trials: proof.trials,
    ...(scan ? { advisories: { revision: scan.store.store.info.revision, asOf: scan.store.store.info.asOf } } : {}),
  };
}

function namesOf({ buildArgs = [] }: BuildSettings): readonly string[] {
  return buildArgs.map((one) => one.split("=", 1)[0] ?? "").sort();
}

function actionOf({ id, rule, title, safety }: Action): ProvedAction {
  return { id, rule, title, safety };
}

function fixedBetween(
  before: readonly OpenAdvisory[],
  after: readonly OpenAdvisory[] | undefined,
): ProofDocument["fixed"] {
  if (!after) return [];
  const left = new Set(after.map(({ id, package: name }) => `${id} ${name}`));
  return before
    .filter(({ id, package: name }) => !left.has(`${id} ${name}`))
    .map(({ id, purl, severity }) => ({ id, purl, severity }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.purl < b.purl ? -1 : 1));
}
