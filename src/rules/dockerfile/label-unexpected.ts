import { shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { nearName } from "../reading/near-name.ts";
import type { Rule } from "../rule.ts";

export const labelUnexpected: Rule<"dockerfile"> = {
  id: "label-unexpected",
  subject: "dockerfile",
  aim: "style",
  severity: "low",
  summary: "A label that the site's list of labels does not name",
  why: `The policy of this site names the labels images have, and with \`strict-labels: true\` says that there are no others. A
label off the list is read by nobody, or is one of the list misspelt. Without \`strict-labels\`, or without any labels asked
for, every label is welcome.`,
  aliases: ["DL3050"],
  *check({ dockerfile }, { policy }) {
    const wanted = Object.keys(policy.labels);
    if (!policy.strictLabels || wanted.length === 0) return;
    for (const label of shippedInstructions(dockerfile, "LABEL"))
      for (const { name } of label.pairs) {
        const key = name.value;
        if (key === undefined || wanted.includes(key)) continue;
        const near = nearName(key, wanted);
        yield {
          message: `the site's list of labels has no ${key}`,
          at: inSource(dockerfile, name.range),
          ...assistedFix(
            near === undefined ? "Leave it out, or add it to the list" : `Call it ${near}, if that is meant`,
          ),
        };
      }
  },
  examples: [
    {
      title: "one off the list, one misspelt",
      text: "FROM debian:12\nLABEL team=x «colour»=red\nLABEL «Version»=1.0.0\n",
      policy: { labels: { team: "text", version: "semver" }, strictLabels: true },
    },
    {
      title: "in a stage that the image is made of",
      text: 'FROM debian:12 AS base\nLABEL «"com.example.x"»="y"\nFROM base\nLABEL team=x\n',
      policy: { labels: { team: "text" }, strictLabels: true },
    },
    {
      title: "in the old form",
      text: "FROM debian:12\nLABEL «owner» somebody\n",
      policy: { labels: { team: "text" }, strictLabels: true },
    },
    {
      title: "a name of one letter more",
      text: "FROM debian:12\nLABEL «teams»=x\n",
      policy: { labels: { team: "text" }, strictLabels: true },
    },
    {
      title: "only what is on the list, with a value or without",
      text: 'FROM debian:12\nARG V\nLABEL team="" "version"=$V\n',
      policy: { labels: { team: "text", version: "semver" }, strictLabels: true },
    },
    {
      title: "a name that only the build knows",
      text: "FROM debian:12\nARG NAME\nLABEL $NAME=x\n",
      policy: { labels: { team: "text" }, strictLabels: true },
    },
    {
      title: "a stage that does not ship",
      text: "FROM debian:12 AS build\nLABEL colour=red\nFROM debian:12\nLABEL team=x\n",
      policy: { labels: { team: "text" }, strictLabels: true },
    },
    { title: "others are welcome", text: "FROM debian:12\nLABEL colour=red\n", policy: { labels: { team: "text" } } },
    { title: "nothing is asked for", text: "FROM debian:12\nLABEL colour=red\n", policy: { strictLabels: true } },
  ],
};
