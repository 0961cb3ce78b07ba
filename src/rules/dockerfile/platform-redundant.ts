import { instructionsOf, removeWord } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const platformRedundant: Rule<"dockerfile"> = {
  id: "platform-redundant",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "FROM asks for the platform it gets anyway",
  why: `\`FROM\` takes an image for the platform that is built for, which is what \`$TARGETPLATFORM\` holds. The flag adds nothing, and a reader
looks for what it changes.`,
  aliases: ["DL3065", "RedundantTargetPlatform"],
  *check({ dockerfile }) {
    for (const from of instructionsOf(dockerfile, "FROM")) {
      const flag = from.flags.find(({ name }) => name === "platform");
      if (!flag?.value || !/^(["']?)\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})\1$/.test(flag.value.raw)) continue;
      // An ARG with a default of its own makes another value of it.
      if (flag.value.raw.startsWith("'") || dockerfile.variable("TARGETPLATFORM", from) !== undefined) continue;
      yield {
        message: "this is the platform that FROM takes by itself",
        at: inSource(dockerfile, flag.range),
        ...safeFix("Leave it out", removeWord(dockerfile, flag.range)),
      };
    }
  },
  examples: [
    {
      title: "with and without braces",
      text: "FROM «--platform=$TARGETPLATFORM» debian:12 AS a\nFROM «--platform=${TARGETPLATFORM}» debian:12\n",
      fixed: "FROM debian:12 AS a\nFROM debian:12\n",
    },
    {
      title: "in quotes, of a stage",
      text: 'FROM debian:12 AS a\nFROM «--platform="$TARGETPLATFORM"» a\n',
      fixed: "FROM debian:12 AS a\nFROM a\n",
    },
    {
      title: "declared without a value",
      text: "ARG TARGETPLATFORM\nFROM «--platform=$TARGETPLATFORM» debian:12\n",
      fixed: "ARG TARGETPLATFORM\nFROM debian:12\n",
    },
    {
      title: "over two lines",
      text: "FROM «--platform=$TARGETPLATFORM» \\\n  debian:12\n",
      fixed: "FROM \\\n  debian:12\n",
    },
    {
      title: "declared with a value",
      text: "ARG TARGETPLATFORM=linux/amd64\nFROM --platform=$TARGETPLATFORM debian:12\n",
    },
    { title: "the platform that builds", text: "FROM --platform=$BUILDPLATFORM golang:1.24\n" },
    { title: "with a default", text: "FROM --platform=${TARGETPLATFORM:-linux/amd64} debian:12\n" },
    {
      title: "more than the variable",
      text: "FROM --platform=$TARGETOS/$TARGETARCH debian:12\nFROM --platform=$TARGETPLATFORM/v7 debian:12\n",
    },
    { title: "a text in single quotes", text: "FROM --platform='$TARGETPLATFORM' debian:12\n" },
    { title: "a constant, none", text: "FROM --platform=linux/amd64 debian:12\nFROM debian:12\n" },
  ],
};
