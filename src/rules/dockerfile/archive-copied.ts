import { type Instruction, type RunInstruction, shippedStages, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import { mountArchive } from "../remedies/mount-archive.ts";
import type { Rule } from "../rule.ts";

export const archiveCopied: Rule<"dockerfile"> = {
  id: "archive-copied",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "An archive is copied and then unpacked, so the image holds it twice",
  why: `COPY stores the archive in one layer, the RUN that unpacks it stores its contents in another, and deleting the archive
there frees nothing. \`ADD archive.tar.gz /to/\` unpacks a local tar while copying and stores the contents alone; for zip files,
or to leave parts out, mount it: \`RUN --mount=type=bind,source=a.zip,target=/a.zip unzip /a.zip\`.`,
  aliases: ["DL3010"],
  check: whereSaid(/\.(?:tar|t[gbx]z|zip)/, function* ({ dockerfile }) {
    for (const index of shippedStages(dockerfile)) {
      const instructions = dockerfile.stages[index]?.instructions ?? [];
      const copied = instructions.flatMap((copy) =>
        copy.keyword === "COPY" && !copy.flags.some(({ name }) => name === "from")
          ? copy.sources.flatMap((source) => ({ copy, source, name: archiveName(source) }))
          : [],
      );
      if (copied.every(({ name }) => name === undefined)) continue;
      const unpacked = unpackedIn(instructions);
      const added = new Set(
        instructions.flatMap((one) => (one.keyword === "ADD" ? one.sources.map((source) => archiveName(source)) : [])),
      );
      for (const { copy, source, name } of copied) {
        const run = name === undefined ? undefined : unpacked.get(name);
        if (name === undefined || !run || run.index < copy.index) continue;
        const { fix } = mountArchive(dockerfile, copy, source, run);
        yield {
          message: added.has(name)
            ? `${name} is unpacked by ADD already: this stores it, and its contents, again`
            : `${name} is stored here and its contents once more where it is unpacked`,
          at: inSource(dockerfile, source.range),
          related: [{ at: inSource(dockerfile, run.range), message: "it is unpacked here" }],
          ...(fix
            ? { fix }
            : assistedFix(
                added.has(name)
                  ? "Use what ADD has unpacked"
                  : name.endsWith(".zip")
                    ? "Mount it for the RUN that unpacks it: RUN --mount=type=bind"
                    : "Let ADD unpack it, or mount it for the RUN that does",
              )),
        };
      }
    }
  }),
  examples: [
    {
      title: "copied, then unpacked",
      text: "FROM debian:12\nCOPY «media.tar» /srv/media.tar\nRUN cd /srv && tar xf media.tar\nRUN rm /srv/media.tar\n",
    },
    {
      title: "unpacked by ADD as well",
      text: "FROM debian:12\nADD tool.tgz /opt/\nCOPY a.txt «tool.tgz» /tmp/\nRUN tar -C /tmp -xzf /tmp/tool.tgz\n",
    },
    {
      title: "for one step alone",
      text: "FROM debian:12\nWORKDIR /tmp\nCOPY «tools/tool.tgz» /tmp/\nRUN tar xzf tool.tgz && ./tool/install && rm -rf tool tool.tgz\n",
      fixed:
        "FROM debian:12\nWORKDIR /tmp\nRUN --mount=type=bind,source=tools/tool.tgz,target=/context/tool.tgz tar xzf /context/tool.tgz && ./tool/install && rm -rf tool tool.tgz\n",
    },
    {
      title: "not unpacked, or not shipped",
      text: "FROM debian:12 AS build\nCOPY a.tar /a.tar\nRUN tar xf /a.tar\nFROM debian:12\nCOPY b.tar /b.tar\nRUN tar tf /b.tar && tar cf /c.tar /x\n",
    },
  ],
};

function archiveName({ value }: Word): string | undefined {
  const name = value?.split("/").pop() ?? "";
  return /\.(?:tar(?:\.\w+)?|t[gbx]z|tbz2|zip)$/.test(name) && !/[*?[]/.test(name) ? name : undefined;
}

/** Archives that RUNs of a stage unpack, by name, each with the last one that does. */
function unpackedIn(instructions: readonly Instruction[]): ReadonlyMap<string, RunInstruction> {
  const found = new Map<string, RunInstruction>();
  for (const run of instructions) {
    if (run.keyword !== "RUN") continue;
    for (const { name, args } of run.script.commands) {
      const extracts =
        name === "unzip" ||
        (/^(?:bsd)?tar$/.test(name) &&
          args.some(({ raw }, i) => (i === 0 ? /^-?[a-zA-Z]*x/ : /^-[a-zA-Z]*x|^--(?:extract|get)$/).test(raw)));
      if (!extracts) continue;
      for (const word of args) {
        const archive = archiveName(word);
        if (archive !== undefined) found.set(archive, run);
      }
    }
  }
  return found;
}
