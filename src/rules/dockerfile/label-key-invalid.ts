import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

const goodKey = /^[a-z](?:[a-z0-9]|[._/-](?![._/-]))*$/;
const reserved = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;
/** Docker reads these itself, so images set them: extensions of Docker Desktop, and Compose's own. */
const readByDocker = /^com\.docker\.(?:desktop|extension|compose|image)\./;

export const labelKeyInvalid: Rule<"dockerfile"> = {
  id: "label-key-invalid",
  subject: "dockerfile",
  aim: "style",
  severity: "info",
  summary: "A label's name is not of the usual form",
  why: `Label names are lower-case letters, digits and single \`.\`, \`-\`, \`_\` or \`/\` between them, with a reversed domain in front
(\`org.opencontainers.image.version\`). Filters compare names exactly, so \`Version\` and \`version\` are two labels. The domains
\`com.docker\`, \`io.docker\` and \`org.dockerproject\` are kept for Docker's own use.`,
  aliases: ["DL3048"],
  *check({ dockerfile }) {
    for (const label of instructionsOf(dockerfile, "LABEL")) {
      for (const { name, value } of label.pairs) {
        const key = name.value;
        if (key === undefined || key === "" || value === undefined) continue;
        if (reserved.test(key) && !readByDocker.test(key))
          yield { message: "this domain is kept for Docker's own labels", at: inSource(dockerfile, name.range) };
        else if (!goodKey.test(key) || /[._/-]$/.test(key))
          yield {
            message: "label names are lower-case, with single separators",
            at: inSource(dockerfile, name.range),
            ...assistedFix(`Name it ${proposal(key)}, and tell whoever reads the old name`),
          };
      }
    }
  },
  examples: [
    {
      title: "capitals, doubled separators, a reserved domain",
      text: 'FROM a\nLABEL «Vendor»="x" \\\n  «com..example.a»=1 «com.docker.thing»=1\n',
    },
    {
      title: "usual names",
      text: 'FROM a\nLABEL org.opencontainers.image.version=1 "com.example/some-key_2"="x"\nLABEL com.docker.extension.screenshots="[]" $X=1\n',
    },
  ],
};

function proposal(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._/-]+/g, "-")
    .replaceAll(/([._/-])[._/-]+/g, "$1")
    .replaceAll(/^[^a-z]+|[._/-]+$/g, "");
}
