import { hasOption, type RunInstruction } from "../../syntax/index.ts";
import { usesSnapshot } from "../reading/package-managers.ts";
import { type Unpinned, unpinnedCheck, unpinnedPackages } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

const managers = new Set(["apt"] as const);

export const aptUnpinned: Rule<"dockerfile"> = {
  id: "apt-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  optIn: true,
  summary: "apt-get installs a package without a version",
  why: `What is newest on the day of the build is installed, so two builds of one Dockerfile may differ. It is off unless turned on, because the
usual answer is worse: Debian and Ubuntu drop a version from the archive as soon as they have a newer one, and an exact pin then breaks
the build and keeps security updates out (\`pin-will-rot\`). What holds: a base with an exact tag or, better, a digest, so that most
packages are decided by it; packages from a snapshot (snapshot.debian.org, \`--snapshot\`), where nothing ever changes and this rule
is silent; or the upstream version alone, \`curl=7.88.*\`. A suite (\`curl/bookworm-backports\`, \`-t bookworm-backports\`) counts as said.`,
  aliases: ["DL3008"],
  check: unpinnedCheck(
    /apt/,
    function* (run: RunInstruction, { dockerfile }): Generator<Unpinned> {
      if (usesSnapshot(dockerfile)) return;
      for (const one of unpinnedPackages(run, managers, pin))
        if (!hasOption(one.command, "-t", "--target-release", "--default-release")) yield one;
    },
    "or install from a snapshot of the archive",
  ),
  examples: [
    {
      title: "each package without a version",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends «curl» git=1:2.39.* «g++»\n",
    },
    {
      title: "quoted, of another architecture, by apt or aptitude",
      text: 'FROM debian:12\nRUN apt install -y «"curl"» && aptitude install -y «libc6:i386»\n',
    },
    {
      title: "in a build stage, in a heredoc",
      text: "FROM debian:12 AS build\nRUN <<EOF\nset -e\napt-get update\napt-get -qq -o Dpkg::Use-Pty=0 install «gcc»\nEOF\nFROM debian:12\nCOPY --from=build /a /a\n",
    },
    { title: "in exec form", text: 'FROM debian:12\nRUN ["apt-get", "install", "-y", «"curl"»]\n' },
    {
      title: "a version, also out of a variable",
      text: 'FROM debian:12\nARG CURL=7.88.1\nRUN apt-get install -y curl=$CURL "git=${GIT_VERSION}*" wget=1.21.3-1+b2\n',
    },
    {
      title: "a suite, a file, a task, a package to remove",
      text: "FROM debian:12\nRUN apt-get install -y curl/bookworm-backports ./a.deb /tmp/b_1.2_amd64.deb c.deb standard^ nano-\nRUN apt-get install -y -t bookworm-backports git && apt-get install -yqt bookworm-backports git\n",
    },
    {
      title: "packages in a variable or a file are not known",
      text: 'FROM debian:12\nARG PACKAGES="curl git"\nRUN deps="a=1 b=2" && apt-get install -y $deps $PACKAGES $(cat packages.txt) postgresql-$PG_MAJOR\n',
    },
    {
      title: "from a snapshot",
      text: "FROM debian:12\nRUN echo deb http://snapshot.debian.org/archive/debian/20240101T000000Z bookworm main > /etc/apt/sources.list && apt-get update && apt-get install -y curl\n",
    },
    {
      title: "other commands",
      text: "FROM debian:12\nRUN apt-get update && apt-get remove -y curl && apt-get build-dep -y git && echo apt-get install curl\n",
    },
  ],
};

/** A package's name, perhaps with an architecture; a task ends with `^`, what is to be removed with `-`. */
function pin(text: string): string | undefined {
  return /^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?$/i.test(text) && !/\.deb$|-$/.test(text)
    ? `${text}=VERSION.*`
    : undefined;
}
