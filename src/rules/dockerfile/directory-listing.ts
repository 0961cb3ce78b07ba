import { shippedStages } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const directoryListing: Rule<"dockerfile"> = {
  id: "directory-listing",
  subject: "dockerfile",
  aim: "security",
  severity: "low",
  summary: "The web server's configuration lets everybody list directories",
  why: `With \`autoindex on\` (nginx) or \`Options Indexes\` (Apache) a directory without an index page shows all it holds, also
what nothing links to. Turn it on for a directory of downloads alone.`,
  *check({ dockerfile, context }) {
    if (!context) return;
    const shipped = shippedStages(dockerfile);
    for (const { copy, source, path } of contextCopies(dockerfile)) {
      if (!shipped.has(copy.stage) || !configuration.test(copy.target.value ?? "") || !path.endsWith(".conf")) continue;
      const setting = /^[ \t]*(autoindex[ \t]+on|Options[ \t][^\n#]{0,200}?(?<![-\w])\+?Indexes)\b/m.exec(
        context.text(path) ?? "",
      )?.[1];
      if (setting === undefined) continue;
      yield {
        message: `${setting} shows whoever asks what a directory holds`,
        at: inSource(dockerfile, source.range),
        ...assistedFix(`Turn it off in ${path}`),
      };
    }
  },
  examples: [
    {
      title: "nginx",
      text: "FROM nginx:1.28\nCOPY «proxy.conf» /etc/nginx/conf.d/default.conf\n",
      context: { "proxy.conf": "server {\n  listen 80;\n  autoindex on;\n}\n" },
    },
    {
      title: "off, only a comment, or no server's",
      text: "FROM nginx:1.28\nCOPY a.conf /etc/nginx/conf.d/a.conf\nCOPY b.conf /b.conf\n",
      context: { "a.conf": "autoindex off;\n# autoindex on;\n", "b.conf": "autoindex on;\n" },
    },
  ],
};

const configuration = /^\/(?:etc\/(?:nginx|apache2|httpd)|usr\/local\/apache2\/conf)(?:\/|$)/;
