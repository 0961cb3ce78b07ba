import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { finalUser } from "../reading/current-user.ts";
import { dropsRootItself, needsRoot, placeForUser, serviceUser } from "../reading/service-user.ts";
import { userFix } from "../remedies/run-as.ts";
import type { Rule } from "../rule.ts";

export const runsAsRoot: Rule<"dockerfile"> = {
  id: "runs-as-root",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "The last USER of the image is root",
  why: `Steps that install software need root, the program seldom does. As root it may write to every file of the image, and
a fault of the kernel or a careless mount makes it root on the host. Go back to a user without privileges before CMD.
Stages that only lend files may stay root.`,
  aliases: ["DL3002", "CIS-DI-0001", "DS-0002"],
  *check({ dockerfile }, known) {
    const { user, by } = finalUser(dockerfile, known);
    const word = by?.words[0];
    if (user !== "root" || !by || !word) return;
    const drops = dropsRootItself(dockerfile);
    const found = serviceUser(dockerfile, known);
    const objection = needsRoot(dockerfile);
    const place = placeForUser(dockerfile);
    const last = by.stage === dockerfile.stages.length - 1;
    const stays =
      last &&
      !found?.create &&
      (place === undefined ? isLast(by.index, dockerfile.instructions.length) : by.index + 1 === place.index);
    const title = `Run as ${found?.label}`;
    yield {
      message: drops
        ? "the container starts as root, and leaves it to its entrypoint to become another user"
        : "the container runs as root",
      at: inSource(dockerfile, word.range),
      ...(drops ? { severity: "info" } : {}),
      ...(!found || !stays
        ? userFix(dockerfile, found, objection)
        : objection !== undefined
          ? assistedFix(`${title}; look first, ${objection}`, replaceRange(dockerfile, word.range, found.user))
          : likelyFix(
              `${title}, if the program writes nowhere but in /tmp`,
              replaceRange(dockerfile, word.range, found.user),
            )),
    };
  },
  examples: [
    {
      title: "a user is made and root is named",
      text: 'FROM debian:12\nRUN useradd -m deploy\nUSER «root»\nENTRYPOINT ["/opt/run.sh"]\n',
      fixed: 'FROM debian:12\nRUN useradd -m deploy\nUSER deploy\nENTRYPOINT ["/opt/run.sh"]\n',
    },
    {
      title: "root for an installation, and no way back",
      text: 'FROM node:20-slim\nUSER node\nUSER «0:0»\nRUN apt-get update\nCMD ["node", "x.js"]\n',
      fixed: 'FROM node:20-slim\nUSER node\nUSER 0:0\nRUN apt-get update\nUSER 1000:1000\nCMD ["node", "x.js"]\n',
    },
    {
      title: "root in the stage below",
      text: 'FROM alpine:3.20 AS base\nUSER «root»\nFROM base\nCMD ["/x"]\n',
      fixed:
        'FROM alpine:3.20 AS base\nUSER root\nFROM base\nRUN addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app -s /sbin/nologin app\nUSER 10001:10001\nCMD ["/x"]\n',
    },
    {
      title: "an entrypoint that becomes another user",
      text: 'FROM registry.example.com/x:1\nCOPY --from=tools /bin/gosu /usr/local/bin/gosu\nUSER «root»\nENTRYPOINT ["/start"]\n',
    },
    {
      title: "back to another user, and a stage that does not ship",
      text: 'FROM debian:12 AS build\nUSER root\nRUN make\nFROM node:20\nUSER root\nRUN apt-get update\nUSER node\nCMD ["node"]\n',
    },
    { title: "a variable decides", text: "FROM debian:12\nARG WHO\nUSER $WHO\n" },
  ],
};

function isLast(index: number, count: number): boolean {
  return index === count - 1;
}
