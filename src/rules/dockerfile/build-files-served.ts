import type { ContextFile } from "../../core/index.ts";
import { shippedStages } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const buildFilesServed: Rule<"dockerfile"> = {
  id: "build-files-served",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "The whole context is copied to where a web server serves files from",
  why: `What lies below the server's root anybody can fetch: the Dockerfile with its versions and addresses, the server's own
configuration, compose files, scripts, history. Keep what is to be served in a directory of its own, and copy that alone.`,
  *check({ dockerfile, context }) {
    if (!context) return;
    const shipped = shippedStages(dockerfile);
    let served: readonly ContextFile[] | undefined;
    for (const { copy, path } of contextCopies(dockerfile)) {
      const target = copy.target.value;
      if (path !== "" || target === undefined || !shipped.has(copy.stage) || !webRoot.test(target)) continue;
      served ??= context.files.filter(({ path: file, ignored }) => !ignored && buildFile.test(file));
      const [first] = served;
      if (!first) continue;
      const names = served.slice(0, 3).map((file) => file.path);
      yield {
        message: `the web server hands out ${names.join(", ")}${served.length > names.length ? " and more" : ""}`,
        at: inSource(dockerfile, copy.argumentsRange),
        ...assistedFix("Copy the directory that is to be served, and nothing else"),
      };
    }
  },
  examples: [
    {
      title: "nginx",
      text: "FROM nginx:1.28\nCOPY «. /usr/share/nginx/html»\n",
      context: { "index.html": "x", "proxy.conf": "server {}" },
    },
    {
      title: "a directory of its own, or nothing but what is served",
      text: "FROM nginx:1.28\nCOPY site /usr/share/nginx/html\nCOPY . /var/www/html/\n",
      context: { "site/index.html": "x", ".dockerignore": "Dockerfile\n.dockerignore\n" },
    },
    { title: "no context to look at", text: "FROM nginx:1.28\nCOPY . /usr/share/nginx/html\n" },
  ],
};

const webRoot =
  /^\/(?:usr\/share\/(?:nginx\/html|caddy)|usr\/local\/apache2\/htdocs|usr\/local\/tomcat\/webapps\/ROOT|var\/www(?:\/html)?|srv\/(?:www|http))\/?$/;
const buildFile =
  /(?:^|\/)(?:Dockerfile[^/]*|Containerfile|(?:docker-)?compose[^/]*\.ya?ml|\.env[^/]*|\.git\/HEAD|\.gitlab-ci\.yml|Makefile|Jenkinsfile)$|^[^/]+\.conf$/;
