import { deprecatedImages } from "../../bases/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { imageUses } from "../reading/images.ts";
import type { Rule } from "../rule.ts";

export const baseDeprecated: Rule<"dockerfile"> = {
  id: "base-deprecated",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",

  summary: "The base image is deprecated",
  why: `The image was retired by its maintainers: no releases, no security fixes. Its successor takes over the same work.`,

  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { official } = use.reference;
      if (official === undefined) continue;
      const replacement = deprecatedImages[official];
      const retired = known.repository(official)?.retired;
      if (replacement === undefined && retired === undefined) continue;
      yield {
        message: `${official} is deprecated${retired === undefined ? "" : `, retired on ${retired}`}`,
        at: inSource(dockerfile, use.range ?? use.word.range),
        ...assistedFix(replacement === undefined ? "Look for its successor" : `Move to ${replacement}`),
      };
    }
  },
  examples: [
    { title: "openjdk", text: "FROM «openjdk:17»\n" },
    { title: "centos", text: "FROM «centos:7» AS build\n" },
    { title: "its successor", text: "FROM eclipse-temurin:21-jre\nFROM quay.io/centos/centos:stream9\n" },
  ],
};
