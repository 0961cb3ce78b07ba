import { addOption, hasOption, instructionsOf } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { urlOf } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

/** Options of GNU wget and BusyBox's that leave the bar out, or send it elsewhere. */
const quiet = [
  "--quiet",
  "-q",
  "--no-verbose",
  "-nv",
  "--progress",
  "--output-file",
  "-o",
  "--append-output",
  "-a",
  "--background",
  "-b",
];

export const wgetProgress: Rule<"dockerfile"> = {
  id: "wget-progress",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "wget draws its progress bar into the build's log",
  why: `No terminal is there in a build: each step of the bar becomes a line, and a large file fills the log with thousands of them.
\`--progress=dot:giga\` prints one short line for every 32 MB, \`-q\` none at all and still says what went wrong.`,
  aliases: ["DL3047"],
  check: whereSaid(/wget/, function* ({ dockerfile }, known) {
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.named("wget")) {
        if (!urlOf(command) && !command.args.some(({ raw }) => raw.includes("$"))) continue;
        if (hasOption(command, ...quiet) || command.args.some(({ raw }) => /^-[A-Za-z]*(?:q|nv)/.test(raw))) continue;
        const stage = dockerfile.stages[run.stage];
        const busybox = stage !== undefined && baseOf(dockerfile, stage, known).family === "alpine";
        const option = busybox ? "-q" : "--progress=dot:giga";
        const editable = run.form === "shell" && command.wrappers.length === 0;
        yield {
          message: "the progress bar fills the log",
          at: inSource(dockerfile, command.nameWord.range),
          ...(editable ? safeFix(`Add ${option}`, [addOption(dockerfile, command.nameWord, option)]) : {}),
        };
      }
  }),
  examples: [
    {
      title: "a download",
      text: "FROM debian:12\nRUN apt-get update && «wget» -O x.tgz https://a.example/x.tgz\n",
      fixed: "FROM debian:12\nRUN apt-get update && wget --progress=dot:giga -O x.tgz https://a.example/x.tgz\n",
    },
    {
      title: "with BusyBox",
      text: "FROM alpine:3.20\nRUN «wget» https://a.example/x.tgz\n",
      fixed: "FROM alpine:3.20\nRUN wget -q https://a.example/x.tgz\n",
    },
    {
      title: "quiet, or no download",
      text: "FROM debian:12\nRUN wget -qO- https://a.example | sh && wget -nv https://a.example/x && wget --progress=dot https://a.example/y\nRUN apt-get install -y wget && wget --version\n",
    },
  ],
};
