import { unpinnedCheck, unpinnedRpms } from "../reading/unpinned.ts";
import type { Rule } from "../rule.ts";

const managers = new Set(["yum"] as const);

export const yumUnpinned: Rule<"dockerfile"> = {
  id: "yum-unpinned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  optIn: true,
  summary: "yum installs a package without a version",
  why: `What is newest on the day of the build is installed, so two builds of one Dockerfile may differ. It is off unless turned on, because many
repositories keep a version only until there is a newer one: an exact pin then breaks the build and keeps security updates out. What
holds: a base with an exact tag or a digest, repositories of one minor release or of a day that do not change any more, and the
upstream version alone, \`httpd-2.4.*\`, where a program relies on it. A module is pinned by its stream, \`nodejs:18\`.`,
  aliases: ["DL3033"],
  check: unpinnedCheck(
    /yum/,
    (run) => unpinnedRpms(run, managers),
    "or install from repositories that no longer change",
  ),
  examples: [
    {
      title: "each package without a version",
      text: "FROM centos:7\nRUN yum install -y «httpd» curl-7.29.0 «glibc.i686»\n",
    },
    {
      title: "a number in the name is no version",
      text: "FROM centos:7\nRUN yum -y --enablerepo epel install «java-11-openjdk» «java-1.8.0-openjdk-devel.x86_64» «python3»\n",
    },
    { title: "a module without a stream", text: "FROM rockylinux:8\nRUN yum module install -y «nodejs»\n" },
    { title: "quoted, with sudo", text: 'FROM centos:7\nRUN sudo yum -y install «"httpd"» && yum clean all\n' },
    {
      title: "a version, also with epoch, release and architecture",
      text: "FROM centos:7\nRUN yum install -y httpd-2.4.* docker-ce-3:20.10.7-3.el8 nodejs-16.13.0-1nodesource java-11-openjdk-11.0.20.0.8-1.el7_9.x86_64 'curl >= 7'\n",
    },
    {
      title: "a version or packages out of a variable",
      text: "FROM centos:7\nARG V=2.4\nRUN yum install -y httpd-$V httpd-${V}.el7 $PACKAGES\n",
    },
    {
      title: "what may end with a version",
      text: "FROM centos:7\nRUN yum install -y devtoolset-9 compat-libstdc++-33\n",
    },
    {
      title: "a file, an address, a group, a capability, a stream",
      text: "FROM centos:7\nRUN yum install -y ./a.rpm b.rpm https://a.example/epel-release-latest-7.noarch.rpm /usr/bin/host '@development tools' 'perl(Foo::Bar)' && yum module install -y nodejs:18\n",
    },
    {
      title: "values of options",
      text: "FROM centos:7\nRUN yum install -y --setopt tsflags=nodocs --exclude kernel httpd-2.4.6\n",
    },
    {
      title: "other commands",
      text: "FROM centos:7\nRUN yum -y update && yum remove -y curl && yum groupinstall -y base\n",
    },
  ],
};
