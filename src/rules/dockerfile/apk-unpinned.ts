import { unpinnedCheck, unpinnedPackages } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

const managers = new Set(["apk"] as const);

export const apkUnpinned: Rule<"dockerfile"> = {
  id: "apk-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  optIn: true,
  summary: "apk add installs a package without a version",
  why: `What is newest on the day of the build is installed, so two builds of one Dockerfile may differ. It is off unless turned on, because a
release of Alpine keeps the newest build of a package only: an exact pin (\`curl=8.5.0-r0\`) breaks the build with the next fix, and
keeps that fix out until somebody edits the file. What holds: a range, which takes fixes and no other version (\`curl~=8.5\`), and
a base with an exact release or a digest (\`alpine:3.20\`, never \`latest\`), for within a release packages hardly change otherwise.`,
  aliases: ["DL3018"],
  check: unpinnedCheck(
    /apk/,
    (run) => unpinnedPackages(run, managers, pin),
    "or rely on the release of an exactly tagged base",
  ),
  examples: [
    {
      title: "each package without a version",
      text: "FROM alpine:3.20\nRUN apk add --no-cache «curl» git~=2.45 «g++»\n",
    },
    {
      title: "the name of a virtual package is none",
      text: "FROM alpine:3.20\nRUN apk add --no-cache --virtual build-deps «gcc» && apk add -t .run «jq» && apk add --virtual=x «make»\n",
    },
    {
      title: "a repository is no version",
      text: "FROM alpine:3.20\nRUN apk --repository https://a.example/edge add «'curl'» «git@edge»\n",
    },
    {
      title: "a version that the shell takes for a file",
      text: "FROM alpine:3.20\nRUN apk add --no-cache «musl-dev»>=1.1\n",
    },
    {
      title: "a version or a range",
      text: "FROM alpine:3.20\nRUN apk add --no-cache curl=8.5.0-r0 git~2 jq~=1.7 'make>4' \"gcc>=13\" 'musl<1.3' nano=~7 yq@edge=4.44-r0\n",
    },
    {
      title: "a version out of a variable, packages in a variable",
      text: 'FROM alpine:3.20\nENV DEPS="curl git"\nRUN apk add --no-cache curl=$CURL_VERSION "git~=${GIT}" $DEPS ${MORE:-} python3-$X `cat list`\n',
    },
    {
      title: "a file, a package that must not come, a virtual package",
      text: "FROM alpine:3.20\nRUN apk add --allow-untrusted glibc-2.32-r0.apk ./b.apk /tmp/c.apk !busybox .build-deps so:libz.so.1\n",
    },
    {
      title: "nothing is added",
      text: "FROM alpine:3.20\nRUN apk update && apk del curl && apk info curl && apk upgrade libssl3\n",
    },
  ],
};

/** A package's name, perhaps with the tag of a repository. */
function pin(text: string): string | undefined {
  return /^\w[\w.+-]*(?:@[\w.-]+)?$/.test(text) && !text.endsWith(".apk") ? `${text}~=VERSION` : undefined;
}
