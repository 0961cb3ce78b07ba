import { unpinnedCheck, unpinnedRpms } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

const managers = new Set(["dnf", "microdnf", "tdnf"] as const);

export const dnfUnpinned: Rule<"dockerfile"> = {
  id: "dnf-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  optIn: true,
  summary: "dnf installs a package without a version",
  why: `What is newest on the day of the build is installed, so two builds of one Dockerfile may differ. It is off unless turned on, because Fedora's
and other repositories keep a version only until there is a newer one: an exact pin then breaks the build and keeps security updates
out. What holds: a base with an exact tag or a digest, repositories of one minor release or of a day (\`--releasever\`) that do not
change any more, and the upstream version alone, \`nginx-1.26.*\`, where a program relies on it. A module is pinned by its stream, \`nodejs:18\`.`,
  aliases: ["DL3041"],
  check: unpinnedCheck(
    /dnf/,
    (run) => unpinnedRpms(run, managers),
    "or install from repositories that no longer change",
  ),
  examples: [
    {
      title: "each package without a version",
      text: "FROM fedora:40\nRUN dnf install -y «nginx» git-core-2.45.* «gcc-c++»\n",
    },
    {
      title: "by microdnf, tdnf and dnf5",
      text: "FROM fedora:40\nRUN microdnf install -y «nginx»\nRUN tdnf install -y «git» && dnf5 -y install «jq.x86_64»\n",
    },
    {
      title: "a module without a stream",
      text: "FROM rockylinux:8\nRUN dnf module install -y «nodejs» postgresql:15\n",
    },
    {
      title: "a number in the name is no version",
      text: "FROM rockylinux:9\nRUN dnf -y install «java-17-openjdk-headless»\n",
    },
    {
      title: "a version, also out of a variable",
      text: 'FROM fedora:40\nARG GIT=2.45.2-2.fc40\nRUN dnf install -y "git-core-${GIT}" nginx-1.26.1-1.fc40.x86_64 nginx-1:1.26.1 "nginx = 1.26.1"\n',
    },
    {
      title: "packages in a variable",
      text: "FROM fedora:40\nRUN INSTALL_PKGS='nginx git' && dnf install -y $INSTALL_PKGS && for p in a b; do dnf install -y $p; done\n",
    },
    {
      title: "a file, an address, a group, a pattern",
      text: 'FROM fedora:40\nRUN dnf install -y ./a.rpm https://a.example/b.rpm @development-tools "@Development Tools" /tmp/*.rpm php-*\n',
    },
    {
      title: "values of options",
      text: "FROM fedora:40\nRUN dnf install -y --setopt install_weak_deps=False --repo fedora --releasever 40 nginx-1.26.*\nRUN microdnf install -y --enablerepo crb nginx-1.26.1\n",
    },
    {
      title: "other commands",
      text: "FROM fedora:40\nRUN dnf -y upgrade && dnf module enable -y nodejs && dnf install -y\n",
    },
  ],
};
