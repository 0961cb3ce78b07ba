import {
  appendCommand,
  type Dockerfile,
  mountKeepsOut,
  type RunInstruction,
  shippedInstructions,
  workdirAt,
} from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { downloads } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const archiveKept: Rule<"dockerfile"> = {
  id: "archive-kept",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "A downloaded archive stays in the layer",
  why: `An archive that is fetched and unpacked in one RUN and not deleted there is shipped twice: packed and unpacked. A later RUN can only hide it. Delete it in
the same RUN, or stream it into tar and never store it.`,

  check: whereSaid(/tar|zip|bz2|xz|7z/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const { command, path } of downloads(run)) {
        if (!archive.test(path) || isRemoved(run, path) || mountKeepsOut(run, absolute(dockerfile, run, path)))
          continue;
        if (
          !run.script.commands.some(
            (other) =>
              unpackers.has(other.name) &&
              other.range.start > command.range.start &&
              other.args.some((word) => sameFile(word.value, path)),
          )
        )
          continue;
        const short =
          path.startsWith("/") ||
          !run.script.commands.some((other) => other.name === "cd" && other.range.start > command.range.start);
        yield {
          message: `${path.slice(path.lastIndexOf("/") + 1)} is unpacked and stays in the layer`,
          at: inSource(dockerfile, command.range),
          ...safeFix("Delete it in the same RUN", short ? appendCommand(dockerfile, run, `rm ${path}`) : undefined),
        };
      }
    }
  }),
  examples: [
    {
      title: "unpacked and kept",
      text: "FROM debian:12\nRUN «curl -fsSL -o /tmp/a.tgz https://example.com/a.tgz» && tar xf /tmp/a.tgz -C /opt\n",
      fixed:
        "FROM debian:12\nRUN curl -fsSL -o /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n",
    },
    {
      title: "wget names it by the address",
      text: "FROM debian:12\nRUN «wget https://example.com/a.zip» && unzip a.zip\n",
      fixed: "FROM debian:12\nRUN wget https://example.com/a.zip && unzip a.zip && rm a.zip\n",
    },
    {
      title: "deleted",
      text: "FROM debian:12\nRUN wget -O a.tgz https://example.com/a.tgz && tar xf a.tgz && rm -f a.tgz\n",
    },
    { title: "streamed", text: "FROM debian:12\nRUN curl -fsSL https://example.com/a.tgz | tar xz -C /opt\n" },
  ],
};

const archive = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|zip|gz|xz|bz2|zst|deb|rpm|jar\.gz|7z)$/i;
const unpackers: ReadonlySet<string> = new Set([
  "tar",
  "bsdtar",
  "unzip",
  "gunzip",
  "xz",
  "bunzip2",
  "unzstd",
  "7z",
  "dpkg",
  "rpm",
  "apt-get",
  "apt",
]);

function isRemoved(run: RunInstruction, path: string): boolean {
  return run.script.commands.some((command) => {
    if (
      command.name === "gunzip" ||
      command.name === "bunzip2" ||
      (command.name === "mv" && command.args.some((word) => sameFile(word.value, path)))
    )
      return true;
    if (command.name !== "rm" && command.name !== "find") return false;
    return command.args.some(
      (word) =>
        word.value === undefined ||
        sameFile(word.value, path) ||
        word.value.includes("*") ||
        path.startsWith(`${word.value.replace(/\/$/, "")}/`),
    );
  });
}

function sameFile(word: string | undefined, path: string): boolean {
  const plain = (text: string): string => text.replace(/^\.\//, "");
  return (
    word !== undefined &&
    (plain(word) === plain(path) || word === `./${path}` || (!word.includes("/") && path.endsWith(`/${word}`)))
  );
}

function absolute(dockerfile: Dockerfile, run: RunInstruction, path: string): string {
  return path.startsWith("/") ? path : `${workdirAt(dockerfile, run) ?? ""}/${path}`;
}
