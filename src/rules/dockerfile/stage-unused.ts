import { type Dockerfile, flagValue, mountsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { stageMeant } from "../reading/lenders.ts";
import type { Rule } from "../rule.ts";

export const stageUnused: Rule<"dockerfile"> = {
  id: "stage-unused",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "Nothing refers to this stage",
  why: `Neither the last stage nor one it is made of is built on it or copies from it. BuildKit leaves such a stage out, so that its tests
and checks never run; the classic builder runs it and throws the result away. It is right where it is built by name,
\`docker build --target test\`; else it can go, or something was meant to be copied from it.`,
  *check({ dockerfile }) {
    if (dockerfile.stages.length < 2) return;
    const referred = referredStages(dockerfile);
    for (const stage of dockerfile.stages.slice(0, -1)) {
      if (referred.has(stage.index) || !stage.from || isMeantForTarget(stage.name?.value)) continue;
      const name = stage.name?.value;
      yield {
        message: `${name === undefined ? "this stage" : `stage ${name}`} is built on by none and copied from by none`,
        at: inSource(dockerfile, stage.name?.range ?? stage.from.image.range),
        ...assistedFix(
          name === undefined
            ? "Leave the stage out, or copy from it"
            : `Leave it out, or build it by name: --target ${name}`,
        ),
      };
    }
  },
  examples: [
    {
      title: "a stage that is left over",
      text: "FROM golang:1.24 AS «build»\nRUN go build -o /x .\nFROM debian:12\nCOPY x /x\n",
    },
    { title: "without a name", text: "FROM «debian:11»\nRUN make\nFROM debian:12\nCOPY x /x\n" },
    {
      title: "built on, copied from, mounted, by number, or meant for --target",
      text: "FROM a:1 AS base\nFROM base AS build\nFROM b:1\nFROM c:1 AS tools\nFROM base AS test\nRUN make test\nFROM base\nCOPY --from=BUILD /x /x\nCOPY --from=2 /y /y\nRUN --mount=from=tools,target=/t /t/run\n",
    },
  ],
};

/** Stages that are there to be built by name. */
function isMeantForTarget(name: string | undefined): boolean {
  return (
    name !== undefined &&
    /(?:^|[-_])(?:tests?|lint|check|dev|development|debug|ci|docs?|e2e|bench)(?:$|[-_])/i.test(name)
  );
}

function referredStages(dockerfile: Dockerfile): ReadonlySet<number> {
  const referred = new Set<number>();
  const refer = (name: string | undefined, from: number): void => {
    const stage = name === undefined ? undefined : stageMeant(dockerfile, name, from);
    if (stage) referred.add(stage.index);
  };
  for (const { base } of dockerfile.stages) if (base.kind === "stage") referred.add(base.index);
  for (const one of dockerfile.instructions) {
    const inner = one.keyword === "ONBUILD" ? one.trigger : one;
    if (inner?.keyword === "COPY") refer(flagValue(inner, "from"), one.stage);
    if (inner?.keyword === "RUN") for (const { from } of mountsOf(inner)) refer(from, one.stage);
    // A name that is only known when it is built may be any.
    const unknown = inner?.flags.some(({ name, value }) => name === "from" && value && value.value === undefined);
    if (unknown) for (const stage of dockerfile.stages) referred.add(stage.index);
  }
  return referred;
}
