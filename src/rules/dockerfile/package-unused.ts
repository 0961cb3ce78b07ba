import { assistedFix, inSource } from "../problem.ts";
import { isCallable, unusedPackages } from "../reading/unused-packages.ts";
import { leavePackagesOut } from "../remedies/leave-packages-out.ts";
import type { Rule } from "../rule.ts";

export const packageUnused: Rule<"dockerfile"> = {
  id: "package-unused",
  subject: "dockerfile",
  aim: "size",
  severity: "low",
  summary: "A package is installed and nothing that can be read here calls it",
  why: `Every package ships, is scanned, and has to be updated. Tools for the build (\`curl\`, \`wget\`, \`gnupg\`, \`unzip\`) are
often carried from one Dockerfile to the next. The rule looks for the names of a package's programs in the whole Dockerfile
and in the scripts, sources and settings of the build context, and speaks only where none stands anywhere. What an archive,
another stage or the base brings along cannot be read: where such things take part it says so by a lower severity.`,
  aliases: ["CIS-DI-0003"],
  *check({ dockerfile, context }) {
    const unused = unusedPackages(dockerfile, context);
    for (const { word, name } of unused.packages) {
      if (!isCallable(name)) continue;
      const { fix } = leavePackagesOut(dockerfile, unused);
      yield {
        message: `nothing that can be read here calls ${name}`,
        at: inSource(dockerfile, word.range),
        ...(unused.unread ? { severity: "info" as const } : {}),
        ...(fix ? { fix } : assistedFix(`Leave ${name} out, if nothing calls it by a way that cannot be read`)),
      };
    }
  },
  examples: [
    {
      title: "carried along",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y «curl» python3 «gnupg=2.2»\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n',
      context: { "app.py": "print('curly')\n" },
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y python3\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n',
    },
    {
      title: "all that a step installs, and the index for it",
      text: 'FROM python:3.13-slim\n\nRUN apt-get update\nRUN apt-get install -y «wget» vim && rm -rf /var/lib/apt/lists/*\n\n# for people\nRUN mkdir /x && apt-get install -y «zip»\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n',
      context: { "app.py": "print('curly')\n" },
      fixed: 'FROM python:3.13-slim\n\n# for people\nRUN mkdir /x\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n',
    },
    {
      title: "called in a step, a script of the context, or the health check",
      text: 'FROM alpine:3.20\nRUN apk add --no-cache curl jq wget unzip\nRUN unzip -v\nCOPY run.sh /run.sh\nHEALTHCHECK CMD wget -q http://127.0.0.1/\nCMD ["/run.sh"]\n',
      context: { "run.sh": "#!/bin/sh\ncurl -s http://a/ | jq .\n" },
    },
    {
      title: "without the context nobody knows what its scripts call",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\n",
    },
    {
      title: "removed in the same RUN, or in a build stage",
      text: "FROM debian:12 AS build\nRUN apt-get install -y wget\nFROM debian:12\nRUN apt-get install -y unzip && /x/setup && apt-get purge -y unzip\n",
    },
  ],
};
