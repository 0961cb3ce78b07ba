import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

const containerPort = /:(\d{1,5}(?:-\d{1,5})?(?:\/[a-z]+)?)$/i;

export const exposeInvalidFormat: Rule<"dockerfile"> = {
  id: "expose-invalid-format",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "EXPOSE with an address or a port of the host",
  why: `\`EXPOSE\` says which port the program listens on inside the container. Which port or address of the host leads to it is
said when the container starts (\`docker run -p 8080:80\`); an image cannot decide it, so Docker drops that part and BuildKit
warns.`,
  aliases: ["ExposeInvalidFormat"],
  *check({ dockerfile }) {
    for (const expose of instructionsOf(dockerfile, "EXPOSE")) {
      for (const word of expose.words) {
        if (word.value?.includes(":") !== true) continue;
        const port = word.raw.includes("$") ? undefined : containerPort.exec(word.raw)?.[1];
        yield {
          message: "the part of the host is dropped here; docker run -p sets it",
          at: inSource(dockerfile, word.range),
          ...safeFix(
            "Keep the container's port",
            port === undefined ? undefined : replaceRange(dockerfile, word.range, port),
          ),
        };
      }
    }
  },
  examples: [
    {
      title: "a host port, an address",
      text: "FROM debian:12\nEXPOSE «8080:80» 443 \\\n  «127.0.0.1:5000:5000/tcp»\n",
      fixed: "FROM debian:12\nEXPOSE 80 443 \\\n  5000/tcp\n",
    },
    { title: "nothing behind the colon", text: "FROM debian:12\nEXPOSE «80:»\n" },
    { title: "a default is no mapping", text: "FROM debian:12\nARG PORT=80\nEXPOSE ${PORT:-8080} 443\n" },
  ],
};
