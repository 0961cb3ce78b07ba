import type { BaseFacts, BaseFamily } from "../../bases/index.ts";
import { chainOf, type Dockerfile, remembered, type Stage } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";

/** What is known of the image a stage finally stands on. */
export interface StageBaseFacts extends BaseFacts {
  /** As written and expanded; undefined when it cannot be known. */
  readonly reference?: string | undefined;
}

const managers: readonly (readonly [
  command: string,
  family: BaseFamily,
  manager: NonNullable<BaseFacts["packageManager"]>,
])[] = [
  ["apt-get", "debian", "apt"],
  ["apt", "debian", "apt"],
  ["apk", "alpine", "apk"],
  ["microdnf", "rhel", "microdnf"],
  ["dnf", "rhel", "dnf"],
  ["yum", "rhel", "yum"],
  ["zypper", "suse", "zypper"],
  ["pacman", "arch", "pacman"],
];

const factsByStage = remembered<Dockerfile, Map<number, StageBaseFacts>>(() => new Map());

/**
 * The base of a stage. The package manager a RUN of its chain really calls decides the family before the image's name
 * does: a name can mislead, a call that would fail cannot.
 */
export function baseOf(dockerfile: Dockerfile, stage: Stage, known: Known): StageBaseFacts {
  const facts = factsByStage(dockerfile);
  const found = facts.get(stage.index);
  if (found) return found;
  const made = readBase(dockerfile, stage, known);
  facts.set(stage.index, made);
  return made;
}

function readBase(dockerfile: Dockerfile, stage: Stage, known: Known): StageBaseFacts {
  const chain = chainOf(dockerfile, stage.index);
  const root = chain.at(-1)?.base ?? stage.base;
  const reference = root.kind === "image" ? root.reference : undefined;
  const facts = known.base(root.kind === "scratch" ? "scratch" : (reference ?? ""));
  if (facts.family !== "unknown") return { ...facts, reference };
  for (const one of chain) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "RUN") continue;
      for (const [command, family, packageManager] of managers) {
        if (instruction.script.named(command).some((call) => call.depth === 0)) {
          const userTools: BaseFacts["userTools"] =
            family === "alpine" ? ["busybox"] : family === "debian" || family === "rhel" ? ["shadow"] : [];
          return { ...facts, family, packageManager, userTools, reference };
        }
      }
    }
  }
  return { ...facts, reference };
}
