import { type Dockerfile, shippedInstructions } from "../../syntax/index.ts";
import { inSource } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { dropsRootItself, needsRoot, serviceUser } from "../reading/service-user.ts";
import { nginxAsUser } from "../remedies/nginx-user.ts";
import { userFix } from "../remedies/run-as.ts";
import type { Rule } from "../rule.ts";

export const noUser: Rule<"dockerfile"> = {
  id: "no-user",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "Nothing says USER, and the base runs as root",
  why: `Without USER the program runs as whom the base image names, and nearly all bases name root. Root in a container may
write to every file of the image, and one fault of the kernel or one mount too many away from the host it is root there.
A numeric \`USER uid:gid\` at the end of the last stage costs nothing; Kubernetes can check a number (\`runAsNonRoot\`) but
not a name. Give directories the program writes to that user with \`COPY --chown\` rather than \`chown -R\`, which stores
the files twice.`,
  aliases: ["DL3002", "CIS-DI-0001", "DS-0002"],
  *check({ dockerfile, context }, known) {
    const stage = dockerfile.stages.at(-1);
    if (!stage?.from || shippedInstructions(dockerfile, "USER").length > 0) return;
    const base = baseOf(dockerfile, stage, known);
    const proven = base.user === undefined && installsAsRoot(dockerfile);
    if (base.user !== "root" && base.user !== "0" && !proven) return;
    const drops = dropsRootItself(dockerfile);
    const nginx = nginxAsUser(dockerfile, context, known);
    const service = serviceUser(dockerfile, known);
    const unused = service?.origin === "made-here" ? `, though ${service.label} is made` : "";
    yield {
      message: proven
        ? "the container runs as root: a package manager could not run here otherwise, and nothing says USER"
        : drops
          ? "the container starts as root, and leaves it to its entrypoint to become another user"
          : `the container runs as root: its base does, and nothing here says USER${unused}`,
      at: inSource(dockerfile, stage.from.image.range),
      ...(drops ? { severity: "info" } : {}),
      ...(nginx.fix ? nginx : userFix(dockerfile, service, needsRoot(dockerfile, context))),
    };
  },
  examples: [
    {
      title: "the base has a user ready",
      text: 'FROM «node:20»\nCOPY . /app\nEXPOSE 3000\nCMD ["node", "/app/x.js"]\n',
      fixed: 'FROM node:20\nCOPY . /app\nEXPOSE 3000\nUSER 1000:1000\nCMD ["node", "/app/x.js"]\n',
    },
    {
      title: "a user is made and never used",
      text: "FROM «python:3.12-slim»\nCOPY . /app\nRUN useradd -m worker\nCMD python /app/x.py\n",
      fixed: "FROM python:3.12-slim\nCOPY . /app\nRUN useradd -m worker\nUSER worker\nCMD python /app/x.py\n",
    },
    {
      title: "made with numbers",
      text: 'FROM «alpine:3.20»\nRUN addgroup -g 2000 web && adduser -D -u 2001 -G web web\nENTRYPOINT ["/web"]\nLABEL a=b\nCMD ["x"]\n',
      fixed:
        'FROM alpine:3.20\nRUN addgroup -g 2000 web && adduser -D -u 2001 -G web web\nUSER 2001:2000\nENTRYPOINT ["/web"]\nLABEL a=b\nCMD ["x"]\n',
    },
    {
      title: "one has to be made, in the dialect of the base",
      text: 'FROM golang:1.22 AS build\nRUN go build -o /x .\nFROM «debian:12-slim»\nCMD ["/x"]\nCOPY --from=build /x /x\n',
      fixed:
        'FROM golang:1.22 AS build\nRUN go build -o /x .\nFROM debian:12-slim\nCMD ["/x"]\nCOPY --from=build /x /x\nRUN groupadd -r -g 10001 app && useradd -r -u 10001 -g app -M -d /nonexistent -s /usr/sbin/nologin --no-log-init app\nUSER 10001:10001\n',
    },
    {
      title: "Alpine's dialect",
      text: 'FROM «alpine:3.20»\nCOPY x /x\nCMD ["/x"]\n',
      fixed:
        'FROM alpine:3.20\nCOPY x /x\nRUN addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app\nUSER 10001:10001\nCMD ["/x"]\n',
    },
    {
      title: "no tools at all",
      text: 'FROM «scratch»\nCOPY x /x\nENTRYPOINT ["/x"]\n',
      fixed: 'FROM scratch\nCOPY x /x\nUSER 65532:65532\nENTRYPOINT ["/x"]\n',
    },
    {
      title: "the entrypoint may need root, or the base's own program runs: only shown",
      text: "FROM «nginx:1.27»\nCOPY . /usr/share/nginx/html\n",
      fixed: "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\nUSER 101:101\n",
    },
    {
      title: "a low port that the program does not listen to",
      text: 'FROM «node:20-slim»\nCOPY app.js /app.js\nEXPOSE 80 8080\nCMD ["node", "/app.js"]\n',
      context: { "app.js": "listen(8080)\n" },
      fixed: 'FROM node:20-slim\nCOPY app.js /app.js\nEXPOSE 80 8080\nUSER 1000:1000\nCMD ["node", "/app.js"]\n',
    },
    {
      title: "nginx, whose settings are at hand",
      text: "FROM «nginx:1.27»\nCOPY site /usr/share/nginx/html\nCOPY site.conf /etc/nginx/conf.d/default.conf\nEXPOSE 80\n",
      context: { "site.conf": "server {\n  listen 80;\n  access_log off;\n}\n", "site/index.html": "x" },
      fixed:
        'FROM nginx:1.27\nCOPY site /usr/share/nginx/html\nCOPY site.conf /etc/nginx/conf.d/default.conf\nEXPOSE 80\nRUN for directory in /var/cache/nginx /var/lib/nginx; do if [ -d "$directory" ]; then chown -R nginx:nginx "$directory"; fi; done \\\n    && touch /run/nginx.pid && chown nginx:nginx /run/nginx.pid\nUSER 101:101\n',
    },
    {
      title: "a base that is not known, where a package manager proves that it is root",
      text: 'FROM «registry.example.com/base:1»\nRUN apt-get update && apt-get install -y x\nCMD ["/x"]\n',
      fixed:
        'FROM registry.example.com/base:1\nRUN apt-get update && apt-get install -y x\nRUN groupadd -r -g 10001 app && useradd -r -u 10001 -g app -M -d /nonexistent -s /usr/sbin/nologin --no-log-init app\nUSER 10001:10001\nCMD ["/x"]\n',
    },
    {
      title: "a user is named, here or in the stage below",
      text: 'FROM debian:12 AS base\nUSER 10001\nFROM base\nCMD ["/x"]\n',
    },
    { title: "the base brings its own user", text: 'FROM gcr.io/distroless/static:nonroot\nCOPY x /x\nCMD ["/x"]\n' },
    { title: "nothing is known of the base", text: 'FROM registry.example.com/base:1\nCOPY x /x\nCMD ["/x"]\n' },
  ],
};

const managers = ["apt-get", "apt", "apk", "dnf", "yum", "microdnf", "zypper"] as const;

/** A package manager without sudo, and no USER before: the base's user is root. */
function installsAsRoot(dockerfile: Dockerfile): boolean {
  return shippedInstructions(dockerfile, "RUN").some(({ script }) =>
    managers.some((name) => script.named(name).some(({ wrappers }) => wrappers.length === 0)),
  );
}
