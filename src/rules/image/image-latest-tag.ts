import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const imageLatestTag: Rule<"image"> = {
  id: "image-latest-tag",
  subject: "image",
  aim: "correctness",
  severity: "info",
  summary: "The image is tagged latest alone",
  why: `\`latest\` says nothing of what is inside: nobody can tell two builds apart, go back to the one before, or
know which of them runs. Tag each build with its version or its commit, and let \`latest\` be a second name.`,
  aliases: ["DKL-DI-0006"],
  *check({ image }) {
    if (!/^[^\s@]+:latest$/.test(image.reference)) return;
    yield {
      message: "the tag latest does not say which build this is",
      at: inImage(image),
      ...assistedFix("Tag it with its version or its commit as well"),
    };
  },
  examples: [
    { title: "latest", layers: [{ x: "" }], reference: "registry.example.com/app:latest", reports: [""] },
    { title: "a version, and a digest", layers: [{ x: "" }], reference: "app:1.2@sha256:00", reports: [] },
  ],
};
