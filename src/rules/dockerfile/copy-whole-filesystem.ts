import type { BaseFamily } from "../../bases/index.ts";
import { chainOf, type Dockerfile, normalizePath } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { type Lender, lendersOf, lendingStage } from "../reading/lenders.ts";
import type { Known, Rule } from "../rule.ts";

export const copyWholeFilesystem: Rule<"dockerfile"> = {
  id: "copy-whole-filesystem",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "A whole system is copied over another one",
  why: `\`COPY --from=build / /\` brings the compilers, caches and sources of the other stage with it, so nothing was won by a stage of its own, and
its system's files overwrite those of this one: libraries of one distribution under the programs of another. Copy what the program needs.
On \`FROM scratch\` it is the known way to make one layer of many, and a stage that began as \`scratch\` holds only what was put there;
neither is reported.`,
  aliases: ["DL3067"],
  *check({ dockerfile }, known) {
    for (const lender of lendersOf(dockerfile)) {
      const copy = lender.instruction;
      if (copy.keyword !== "COPY") continue;
      const [source, ...more] = copy.sources;
      if (!source || more.length > 0 || !isRoot(source.value) || !isRoot(copy.target.value)) continue;
      const isEmpty = chainOf(dockerfile, copy.stage).at(-1)?.base.kind === "scratch";
      if (isEmpty || !holdsSystem(dockerfile, lender, known)) continue;
      yield {
        message: `all of ${lender.text} is copied over this stage's own system`,
        at: inSource(dockerfile, { start: source.range.start, end: copy.target.range.end }),
        ...assistedFix("Copy the files that are needed, each by its path"),
      };
    }
  },
  examples: [
    {
      title: "from a stage",
      text: "FROM golang:1.24 AS build\nRUN go build -o /app .\nFROM debian:12\nCOPY --from=build «/ /»\n",
    },
    { title: "from an image, with other flags", text: "FROM debian:12\nCOPY --link --from=alpine:3.22 «/ /»\n" },
    {
      title: "by number, in JSON form, written otherwise",
      text: 'FROM alpine:3.22\nFROM debian:12\nCOPY --from=0 [«"/", "/"»]\nCOPY --from=0 «/. //»\n',
    },
    {
      title: "a base that is known by the package manager it calls",
      text: "FROM example.com/base:1 AS deps\nRUN apt-get update && apt-get install -y make\nFROM debian:12\nCOPY --from=deps «/ /»\n",
    },
    {
      title: "on nothing: many layers are made one",
      text: 'FROM debian:12 AS build\nRUN make\nFROM scratch\nCOPY --from=build / /\nCMD ["/app"]\n',
    },
    {
      title: "out of a stage that holds only what was put there",
      text: "FROM scratch AS files\nCOPY root/ /\nFROM files AS more\nCOPY x /x\nFROM debian:12\nCOPY --from=files / /\nCOPY --from=more / /\n",
    },
    {
      title: "out of an image nobody knows, made to be copied whole",
      text: "FROM --platform=$BUILDPLATFORM tonistiigi/xx AS xx\nFROM alpine:3.22\nCOPY --from=xx / /\nCOPY --from=tonistiigi/xx:1.6 / /\n",
    },
    {
      title: "a part, or to a directory of its own",
      text: "FROM debian:12 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /out /\nCOPY --from=build / /mnt\nCOPY --from=build /usr /\nCOPY --from=build /app /app\n",
    },
    { title: "the context", text: "FROM debian:12\nCOPY / /\nADD / /\n" },
    {
      title: "a named build context, a variable",
      text: "FROM debian:12\nARG S\nCOPY --from=rootfs / /\nCOPY --from=$S / /\nCOPY --from=debian:12 $S /\n",
    },
  ],
};

function isRoot(path: string | undefined): boolean {
  return path !== undefined && path.startsWith("/") && normalizePath(path) === "/";
}

const systems: ReadonlySet<BaseFamily> = new Set([
  "debian",
  "alpine",
  "wolfi",
  "rhel",
  "suse",
  "arch",
  "distroless",
  "busybox",
]);

/** Whether a lender is known to hold a whole system. */
function holdsSystem(dockerfile: Dockerfile, lender: Lender, known: Known): boolean {
  const stage = lendingStage(dockerfile, lender);
  // From itself, or from further down, is another fault.
  if (stage && stage.index >= lender.instruction.stage) return false;
  return systems.has((stage ? baseOf(dockerfile, stage, known) : known.base(lender.text)).family);
}
