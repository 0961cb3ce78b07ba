import { findOption, type RunInstruction } from "../../syntax/index.ts";
import { rpmName, type Unpinned, unpinnedCheck, unpinnedPackages } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

const managers = new Set(["zypper"] as const);

export const zypperUnpinned: Rule<"dockerfile"> = {
  id: "zypper-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  optIn: true,
  summary: "zypper installs a package without a version",
  why: `What is newest on the day of the build is installed, so two builds of one Dockerfile may differ. It is off unless turned on, because Tumbleweed
keeps the newest version only, and Leap's updates move on as well: an exact pin breaks the build and keeps security updates out.
What holds: a base with an exact tag or a digest, repositories of one snapshot, and a lower bound in quotes, \`"curl>=8.0"\`, where a
program relies on it.`,
  aliases: ["DL3037"],
  check: unpinnedCheck(/zypper/, find, "or install from repositories that no longer change"),
  examples: [
    {
      title: "each package without a version",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n install «nginx» curl=8.0.1 «gcc-c++»\n",
    },
    {
      title: "by its short name",
      text: 'FROM opensuse/leap:15.6\nRUN zypper -n in --no-recommends «"jq"» «java-17-openjdk»\n',
    },
    {
      title: "with a repository",
      text: "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install --repo oss «git»\n",
    },
    {
      title: "a version that the shell takes for a file",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n install «curl»>=8.0\n",
    },
    {
      title: "a version, also out of a variable",
      text: "FROM opensuse/leap:15.6\nARG V=8.0\nRUN zypper -n install curl=$V 'git>=2.40' \"jq<2\" nginx-1.21.5 'make <= 5' $PACKAGES\n",
    },
    {
      title: "a file, an address, a pattern, a capability, a package to remove",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n install ./a.rpm b.rpm https://a.example/c.rpm pattern:devel_basis 'perl(Foo)' ~nano !vim\n",
    },
    {
      title: "a kind that has no versions",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n install -t pattern devel_basis\nRUN zypper -n in --type=product SLES\n",
    },
    {
      title: "values of options",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n --root /mnt install --from oss curl=8.0\n",
    },
    {
      title: "other commands",
      text: "FROM opensuse/leap:15.6\nRUN zypper -n refresh && zypper -n remove curl && zypper -n update nginx && zypper clean -a\n",
    },
  ],
};

function* find(run: RunInstruction): Generator<Unpinned> {
  for (const one of unpinnedPackages(run, managers, pin)) if (!findOption(one.command, "-t", "--type")) yield one;
}

function pin(text: string): string | undefined {
  return rpmName(text) && `${text}=VERSION`;
}
