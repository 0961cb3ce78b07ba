import { parseReference } from "../../bases/index.ts";
import { type Dockerfile, replaceRange, type Stage } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { isReservedName, isStageNumber, type Lender, lendersOf, lendingStage } from "../reading/lenders.ts";
import { nearName } from "../reading/near-name.ts";
import type { Known, Rule } from "../rule.ts";

export const copyFromUnknown: Rule<"dockerfile"> = {
  id: "copy-from-unknown",
  subject: "dockerfile",
  aim: "correctness",
  severity: "high",
  summary: "Files are taken from a stage that is not there",
  why: `\`COPY --from\` and \`RUN --mount=from=\` take files from a stage above, by its name or its number (from 0), from an image, or from a
named build context (\`docker build --build-context\`). A stage that stands further down has no files yet, and a number that no stage has
stops the build. A name that nothing has is pulled from Docker Hub as an image, which fails, or worse, brings an image of a stranger.
A lone word may be a named build context: it is reported only where it cannot be one, or is nearly the name of a stage above.`,
  aliases: ["DL3022"],
  *check({ dockerfile }, known) {
    // A text without FROM is a part of a file whose stages are elsewhere.
    if (!dockerfile.stages[0]?.from) return;
    for (const lender of lendersOf(dockerfile)) {
      const { text, range, word, instruction } = lender;
      if (word.raw.includes("$") || isReservedName(text)) continue;
      const stage = lendingStage(dockerfile, lender);
      // Its own is a matter of `copy-from-itself`.
      if (stage && stage.index <= instruction.stage) continue;
      const near = stage ? undefined : nearStage(text, namesAbove(dockerfile, instruction.stage, text));
      const found = stage ? isBelow(stage) : whatIsWrong(dockerfile, lender, near, known);
      if (!found) continue;
      yield {
        ...found,
        at: inSource(dockerfile, range ?? word.range),
        ...(near === undefined
          ? assistedFix(stage ? "Move that stage above this one" : "Name a stage above, or an image with its tag")
          : assistedFix(`Did you mean ${near}?`, range ? replaceRange(dockerfile, range, near) : [])),
      };
    }
  },
  examples: [
    {
      title: "a stage that stands further down, by name and by number",
      text: "FROM debian:12 AS run\nCOPY --from=«build» /x /x\nCOPY --from=«1» /x /x\nFROM golang:1.24 AS build\nRUN go build -o /x .\n",
    },
    {
      title: "a number that no stage has",
      text: "FROM golang:1.24 AS build\nRUN make\nFROM debian:12\nCOPY --from=«2» /x /x\n",
    },
    {
      title: "nearly the name of a stage",
      text: "FROM golang:1.24 AS builder\nRUN make\nFROM debian:12\nCOPY --from=«bulder» /x /x\nCOPY --from=«build» /y /y\n",
      fixed:
        "FROM golang:1.24 AS builder\nRUN make\nFROM debian:12\nCOPY --from=builder /x /x\nCOPY --from=builder /y /y\n",
    },
    {
      title: "in a mount",
      text: "FROM node:22 AS assets\nRUN make\nFROM debian:12\nRUN --mount=type=bind,from=«asset»,target=/a cp /a/x /x\n",
      fixed:
        "FROM node:22 AS assets\nRUN make\nFROM debian:12\nRUN --mount=type=bind,from=assets,target=/a cp /a/x /x\n",
    },
    {
      title: "a name that neither an image nor a context can have",
      text: "FROM golang:1.24 AS compile\nRUN make\nFROM debian:12\nCOPY --from=«Go_Stage» /x /x\n",
    },
    {
      title: "stages above, in any case, and by number",
      text: "FROM golang:1.24 AS build\nRUN make\nFROM debian:12 AS tools\nFROM debian:12\nCOPY --from=BUILD /x /x\nCOPY --from=1 /y /y\nRUN --mount=from=tools,target=/t /t/run\n",
    },
    {
      title: "images, by tag, digest or address",
      text: "FROM debian:12\nCOPY --from=example.com/tool /t /t\nCOPY --from=tool:1.2 /t /t\nCOPY --from=a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef /t /t\nCOPY --from=ghcr.io/Up/x:1 /t /t\n",
    },
    {
      title: "official images without a tag are another rule's",
      text: "FROM debian:12 AS nginz\nFROM debian:12\nCOPY --from=nginx /t /t\nCOPY --from=busybox /t /t\n",
    },
    {
      title: "named build contexts",
      text: "FROM golang:1.24 AS app1\nFROM debian:12\nCOPY --from=assets /a /a\nCOPY --from=app2 /a /a\nRUN --mount=from=src-files,target=/s make -C /s\n",
    },
    {
      title: "a variable, nothing, and the reserved names",
      text: 'ARG FROM=nowhere_X\nFROM debian:12\nARG STAGE=Bad_Name\nCOPY --from=$STAGE /x /x\nCOPY --from="${STAGE}" /x /x\nCOPY --from= /x /x\nCOPY --from=scratch /x /x\nRUN --mount=from=context,target=/c --mount=from=$STAGE,target=/d make\n',
    },
    { title: "a part of a file", text: "COPY --from=3 /x /x\nCOPY --from=Build_X /x /x\n" },
    {
      title: "what another file's build triggers",
      text: "FROM debian:12\nONBUILD COPY --from=1 /x /x\n",
    },
    { title: "itself is another rule's", text: "FROM debian:12 AS x\nCOPY --from=x /a /b\nCOPY --from=0 /a /c\n" },
    { title: "a template", text: "FROM debian:12\nCOPY --from={{stage}} /a /b\nCOPY --from=@IMAGE@ /a /b\n" },
  ],
};

type Found = { readonly message: string; readonly severity?: "medium" };

function isBelow(stage: Stage): Found {
  return { message: `stage ${stage.name?.raw ?? stage.index} stands further down, it has no files yet` };
}

/** What is wrong with a name that no stage has; nothing where it may well be an image or a named build context. */
function whatIsWrong(
  dockerfile: Dockerfile,
  { text }: Lender,
  near: string | undefined,
  known: Known,
): Found | undefined {
  if (isStageNumber(text)) {
    const last = dockerfile.stages.length - 1;
    return { message: `there is no stage ${text}: the last one is ${last}` };
  }
  // Addresses and tags are images; other signs are a template's.
  if (!/^[\w.-]+$/.test(text)) return undefined;
  const reference = parseReference(text);
  if (!reference) return { message: `no stage is named ${text}, and no image can be` };
  if (near === undefined || (reference.official !== undefined && known.repository(reference.official)))
    return undefined;
  return { message: `no stage is named ${text}`, severity: "medium" };
}

/** Names of stages above that are about as long as a text. */
function namesAbove({ stages }: Dockerfile, index: number, text: string): readonly string[] {
  const names: string[] = [];
  for (let i = 0; i < index; i++) {
    const name = stages[i]?.name?.raw;
    if (name !== undefined && Math.abs(name.length - text.length) <= 2) names.push(name);
  }
  return names;
}

/** The stage that was probably meant: nearly the same name, or one that goes on by two letters (build, builder). */
function nearStage(text: string, names: readonly string[]): string | undefined {
  const near = nearName(text, names) ?? names.find((name) => goesOn(name, text) || goesOn(text, name));
  // app1 and app2 are two things.
  return near !== undefined && withoutDigits(near) !== withoutDigits(text) ? near : undefined;
}

function withoutDigits(name: string): string {
  return name.replaceAll(/\d/g, "");
}

function goesOn(longer: string, shorter: string): boolean {
  return shorter.length >= 4 && longer.startsWith(shorter) && /^[a-z]{1,2}$/.test(longer.slice(shorter.length));
}
