import { inSource } from "../problem.ts";
import { imageUses, mayBeNamedContext } from "../reading/images.ts";
import { isTrusted } from "../reading/trust.ts";
import type { Rule } from "../rule.ts";

export const untrustedRegistry: Rule<"dockerfile"> = {
  id: "untrusted-registry",
  subject: "dockerfile",
  aim: "security",
  severity: "high",

  summary: "The image comes from a registry that the site does not allow",
  why: `The site names the registries and images its builds may stand on. This one is not among them; take the mirrored image, or have the entry added to
\`trusted-registries\`.`,
  aliases: ["DL3026", "CIS-DI-0002"],
  *check({ dockerfile }, known) {
    const { trustedRegistries } = known.policy;
    if (trustedRegistries.length === 0) return;
    for (const use of imageUses(dockerfile)) {
      if (isTrusted(use.reference, trustedRegistries) || mayBeNamedContext(use)) continue;
      yield {
        message: `${use.reference.registry}/${use.reference.repository} is not on the list of allowed images`,
        at: inSource(dockerfile, use.range ?? use.word.range),
      };
    }
  },
  examples: [
    { title: "another registry", text: "FROM «quay.io/a/b:1»\n", policy: { trustedRegistries: ["docker.io"] } },
    {
      title: "in COPY --from",
      text: "FROM a.example.com/x:1\nCOPY --from=«b.example.com/y:1» /y /y\n",
      policy: { trustedRegistries: ["a.example.com"] },
    },
    {
      title: "allowed",
      text: "FROM debian:12\nFROM registry.example.com/x/y:1\n",
      policy: { trustedRegistries: ["docker.io", "*.example.com/x/y", "registry.*"] },
    },
    { title: "no list", text: "FROM quay.io/a/b:1\n" },
  ],
};
