import { shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import type { Rule } from "../rule.ts";

export const systemUpgrade: Rule<"dockerfile"> = {
  id: "system-upgrade",
  subject: "dockerfile",
  aim: "security",
  severity: "low",
  summary: "Upgrading the base's packages in the build hides how old the base is",
  why: `An upgrade stores every upgraded package a second time, beside the old one that the base still carries, and gives another result on every build day. A
newer base brings the same packages without the extra layer and is the same for everybody. Where no newer base exists, upgrade single packages and say
until when.`,
  aliases: ["DL3005", "DL3017", "DL3031", "DL3039", "DL3035", "DKL-DI-0003", "DS-0024"],
  *check({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const { command, does, verb, packages } of managerCalls(run)) {
        if (does !== "upgrade" || !verb || packages.length > 0) continue;
        const major = /^(?:dist-upgrade|full-upgrade|dup|system-upgrade)$/.test(verb.value ?? "");
        yield {
          message: major
            ? "this may replace the distribution's release inside the image"
            : "this upgrades all of the base in a layer of its own",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          ...(major ? { severity: "medium" as const } : {}),
          aliases: aliasesFor(command.name, major),
          ...assistedFix("Take a newer base image instead"),
        };
      }
    }
  },
  examples: [
    { title: "upgrade", text: "FROM debian:12\nRUN apt-get update && «apt-get upgrade» -y\n" },
    { title: "the next release", text: "FROM debian:12\nRUN «apt-get dist-upgrade» -y\n" },
    {
      title: "one package",
      text: "FROM alpine:3.20\nRUN apk upgrade --no-cache libssl3\nRUN apt-get install -y --only-upgrade openssl\n",
    },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nRUN apt-get upgrade -y\nFROM scratch\nCOPY --from=build /a /a\n",
    },
  ],
};

function aliasesFor(name: string, major: boolean): readonly string[] {
  if (name === "zypper") return ["DL3035"];
  if (major) return ["DKL-DI-0003", "DS-0024", "DL3005"];
  return name === "apk" ? ["DL3017"] : name === "yum" ? ["DL3031"] : name === "dnf" ? ["DL3039"] : ["DL3005"];
}
