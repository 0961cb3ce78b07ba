import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const fromAsCasing: Rule<"dockerfile"> = {
  id: "from-as-casing",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "AS is cased unlike its FROM",
  why: `Docker takes both words in any case. One line in two cases is harder to read and to search, and BuildKit warns of it at each build:
\`FROM … AS\`, or \`from … as\` in a file that is all in lower case.`,
  aliases: ["FromAsCasing"],
  *check({ dockerfile }) {
    const { text } = dockerfile.source;
    for (const from of instructionsOf(dockerfile, "FROM")) {
      const as = from.as && from.words.length === 3 ? from.words[1] : undefined;
      if (!as) continue;
      const keyword = text.slice(from.keywordRange.start, from.keywordRange.end);
      const wanted = keyword === keyword.toLowerCase() ? "as" : "AS";
      const written = text.slice(as.range.start, as.range.end);
      // Split over two lines it reads otherwise.
      if (written === wanted || written.toUpperCase() !== "AS") continue;
      yield {
        message: `${written} is cased unlike ${keyword}`,
        at: inSource(dockerfile, as.range),
        ...safeFix(`Write ${wanted}`, replaceRange(dockerfile, as.range, wanted)),
      };
    }
  },
  examples: [
    {
      title: "lower case behind upper case",
      text: "FROM debian:12 «as» build\nFROM debian:12\n",
      fixed: "FROM debian:12 AS build\nFROM debian:12\n",
    },
    { title: "upper case behind lower case", text: "from debian:12 «AS» build\n", fixed: "from debian:12 as build\n" },
    {
      title: "mixed cases: FROM counts as upper case",
      text: "FROM debian:12 «As» a\nFrom debian:12 «as» b\nfrom debian:12 «aS» c\n",
      fixed: "FROM debian:12 AS a\nFrom debian:12 AS b\nfrom debian:12 as c\n",
    },
    {
      title: "with a flag, over two lines",
      text: "FROM --platform=$BUILDPLATFORM debian:12 \\\n  «as» build\n",
      fixed: "FROM --platform=$BUILDPLATFORM debian:12 \\\n  AS build\n",
    },
    { title: "alike", text: "FROM debian:12 AS build\nfrom debian:12 as run\nFrom debian:12 AS x\n" },
    { title: "no name", text: "FROM debian:12\nfrom debian:12\n" },
    { title: "names and images of that name", text: "FROM as AS as\nFROM as\n" },
    { title: "what does not parse", text: "FROM debian:12 as\nFROM debian:12 as b c\nFROM debian:12 is b\n" },
    { title: "other words", text: "FROM debian:12\nRUN echo FROM x as y\n# FROM x as y\n" },
  ],
};
