import { officialEquivalents, verifiedPublishers } from "../../bases/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { imageUses, mayBeNamedContext } from "../reading/images.ts";
import { isTrusted } from "../reading/trust.ts";
import type { Rule } from "../rule.ts";

export const baseNotOfficial: Rule<"dockerfile"> = {
  id: "base-not-official",
  subject: "dockerfile",
  aim: "security",
  severity: "info",

  summary: "The base comes from a publisher nobody vouches for",
  why: `Anybody can push to Docker Hub. Docker Official Images are reviewed and rebuilt when their base is; verified publishers answer for what they push. For any other
image, look at who builds it and from what. Name publishers you trust under \`trusted-registries\`.`,

  *check({ dockerfile }, known) {
    for (const use of imageUses(dockerfile)) {
      const { registry, repository, official } = use.reference;
      const namespace = repository.split("/")[0] ?? "";
      if (
        registry !== "docker.io" ||
        official !== undefined ||
        verifiedPublishers.has(namespace) ||
        isTrusted(use.reference, known.policy.trustedRegistries) ||
        mayBeNamedContext(use)
      )
        continue;
      const other = officialEquivalents[repository];
      yield {
        message: `${repository} is neither an official image nor from a verified publisher`,
        at: inSource(dockerfile, use.range ?? use.word.range),
        ...(other === undefined ? {} : assistedFix(`Use the official image: ${other}`)),
      };
    }
  },
  examples: [
    { title: "somebody's image", text: "FROM «somebody/app:1.0»\n" },
    {
      title: "official, verified, elsewhere, trusted",
      text: "FROM python:3.12\nFROM grafana/grafana:11.0.0\nFROM ghcr.io/a/b:1\nFROM acme/base:2\n",
      policy: { trustedRegistries: ["docker.io/acme/*"] },
    },
  ],
};
