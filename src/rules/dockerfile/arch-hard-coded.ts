import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { urlOf } from "../reading/downloads.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const archHardCoded: Rule<"dockerfile"> = {
  id: "arch-hard-coded",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",
  summary: "A file built for several platforms fetches a program for one of them",
  why: `The Dockerfile uses TARGETARCH or TARGETPLATFORM, so it is built for more than one platform, and one download names
one architecture: on the others the program is there and cannot start. Put \`$TARGETARCH\` into the address (\`amd64\`, \`arm64\`), or
choose by \`case "$TARGETARCH"\` where the project names them otherwise.`,
  check: whereSaid(/TARGET(?:ARCH|PLATFORM)/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (/\bcase\b|\bif\b|uname|dpkg\s+--print/.test(run.argumentsText)) continue;
      for (const name of ["curl", "wget"])
        for (const command of run.script.named(name)) {
          const url = urlOf(command);
          const found = /(?<![a-z0-9])(?:amd64|x86_64|x64|arm64|aarch64)(?![a-z0-9])/i.exec(url?.raw ?? "");
          if (!url || !found || /TARGETARCH|\$\{?ARCH/.test(url.raw)) continue;
          yield {
            message: `this fetches the program for ${found[0]} on every platform`,
            at: inSource(dockerfile, url.range),
            ...assistedFix("Use $TARGETARCH in the address"),
          };
        }
    }
  }),
  examples: [
    {
      title: "one of several",
      text: "FROM debian:12\nARG TARGETARCH\nRUN echo $TARGETARCH && curl -fsSL «https://example.com/tool-linux-amd64.tgz» -o t.tgz\n",
    },
    {
      title: "by a variable, chosen, or built for one platform",
      text: "FROM debian:12\nARG TARGETARCH\nRUN curl -fsSL https://example.com/tool-linux-$TARGETARCH.tgz -o t.tgz\nRUN if [ $TARGETARCH = amd64 ]; then curl https://example.com/x86_64.tgz -o t; fi\n",
    },
    {
      title: "one platform",
      text: "FROM debian:12\nRUN curl -fsSL https://example.com/tool-linux-amd64.tgz -o t.tgz\n",
    },
  ],
};
