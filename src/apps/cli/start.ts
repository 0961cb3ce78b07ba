import { createEngine, type Engine, type EngineParts, loadPolicy, type Policy } from "../../engine/index.ts";
import { readOfficialImages } from "../../host/index.ts";
import type { SharedOptions } from "./options.ts";

/** Today as YYYY-MM-DD, in UTC; SOURCE_DATE_EPOCH wins, so that a run can be repeated. */
export function today(): string {
  const epoch = Number(process.env["SOURCE_DATE_EPOCH"]);
  return new Date(Number.isFinite(epoch) && epoch > 0 ? epoch * 1000 : Date.now()).toISOString().slice(0, 10);
}

/** An engine with the facts that ship with Plimsoll; with rules about images where those are wanted. */
export function startEngine(imageRules?: EngineParts["imageRules"]): Promise<Engine> {
  return createEngine({
    officialImages: readOfficialImages,
    today: today(),
    ...(imageRules ? { imageRules } : {}),
  });
}

/** The policy for the working directory and the options given. */
export function policyFor(engine: Engine, options: SharedOptions, failOn?: Policy["failOn"]): Promise<Policy> {
  return loadPolicy(engine, {
    root: process.cwd(),
    rules: options.rule ?? [],
    today: today(),
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(failOn === undefined ? {} : { failOn }),
  });
}
