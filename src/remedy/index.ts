export type { BaseOption, MeasuredBase } from "./base-option.ts";
export { type FindProblems, type FixOutcome, fixText } from "./fix.ts";
export {
  type ImageMeasure,
  rewriteImage,
  type RewriteOutcome,
  type RewriteProof,
  type RewriteRequest,
} from "./rewrite-image.ts";
export { droppableClasses, filesToDrop } from "./rewriters/drop-classes.ts";
export { rewriters } from "./rewriters/list.ts";
export type { Rewriter } from "./rewriters/rewriter.ts";
export type { Action, Claim } from "./action.ts";
export { chooseRemedies, type ChosenRemedies } from "./choose-remedies.ts";
export type { LockFiles, LockWriter } from "./raise/lock-writer.ts";
export { lockWriters } from "./raise/list.ts";
export type { Raise } from "./raise/raise.ts";
export type { BuildJob, BuildOutcome, Builder, BuildRequest } from "./builders/builder.ts";
export { builders } from "./builders/list.ts";
export { runInImage } from "./builders/run-in-image.ts";
export { removeRun, runLabel, sweepDeadRuns } from "./builders/sweep.ts";
export type { Gate } from "./proof/gate.ts";
export { programKeeper, readPrograms } from "./proof/programs.ts";
export {
  type Candidate,
  type Check,
  type Ground,
  groundOn,
  openGround,
  type Proof,
  type ProofVerdict,
  prove,
  type ProveOptions,
  type Workbench,
} from "./proof/prove.ts";
export { joinProofs } from "./proof/join-proofs.ts";
export { anyScope, pairScope, sameScope, type Scope, scopeOfRule } from "./proof/scope.ts";
export type { Measure, OpenAdvisory, ProvedImage, Side } from "./proof/side.ts";
export { type SmokeKind, smokeTest, type SmokeTest } from "./proof/smoke.ts";
export { openScratch, type Scratch } from "./scratch.ts";
export { isLockFile, isPinned } from "./lock-files.ts";
export { type Effect, type Plan, planRemedy, type PlannedAction, type PlannedPackage } from "./plan.ts";
export type { PlanBase, PlanImage, PlanMatch, PlanPackage, PlanSubject, Proposal, Remedy } from "./plan-subject.ts";
