import { replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { finalUser } from "../reading/current-user.ts";
import { creationsBefore, groupMadeHere } from "../reading/service-user.ts";
import type { Rule } from "../rule.ts";

export const userNotNumeric: Rule<"dockerfile"> = {
  id: "user-not-numeric",
  subject: "dockerfile",
  aim: "security",
  severity: "info",
  summary: "The image's user is a name, which Kubernetes cannot tell from root",
  why: `With \`runAsNonRoot: true\` Kubernetes looks at the image's configuration before it starts anything, and refuses an image
whose user is a name, since /etc/passwd may give that name the number 0. A number is the same user and can be checked;
Docker still finds its name, groups and home in /etc/passwd.`,
  aliases: ["DL3066"],
  *check({ dockerfile }, known) {
    const { user, by } = finalUser(dockerfile, known);
    const word = by?.words[0];
    if (!user || !by || !word || user === "root" || /^\d+$/.test(user) || word.value === undefined) return;
    const group = word.value.includes(":") ? word.value.slice(word.value.indexOf(":") + 1) : undefined;
    const stage = dockerfile.stages[by.stage];
    const ready = stage && baseOf(dockerfile, stage, known).readyUsers.find(({ name }) => name === user);
    const made = creationsBefore(dockerfile, by.stage, by.index).findLast(
      (one) => one.kind === "user" && one.name.value === user,
    );
    const uid = made ? made.id?.value : ready?.uid.toString();
    const gid =
      group === undefined || /^\d+$/.test(group)
        ? group
        : (groupMadeHere(dockerfile, group) ?? (ready?.name === group ? ready.gid.toString() : undefined));
    const sure =
      uid !== undefined &&
      /^\d{1,10}$/.test(uid) &&
      (group === undefined || gid !== undefined) &&
      word.raw === word.value;
    const number = gid === undefined ? uid : `${uid}:${gid}`;
    yield {
      message: `${user} is a name; a number can be checked before the container starts`,
      at: inSource(dockerfile, word.range),
      ...(sure
        ? safeFix(`Say its number, ${number}`, replaceRange(dockerfile, word.range, number ?? ""))
        : assistedFix(
            made
              ? "Give the user a number of your choice where it is made (-u 10001), and name that number"
              : "Name the user's number",
          )),
    };
  },
  examples: [
    {
      title: "the Dockerfile says which number it is",
      text: "FROM debian:12\nRUN groupadd -g 2000 app && useradd -u 2001 -g app app\nUSER «app:app»\n",
      fixed: "FROM debian:12\nRUN groupadd -g 2000 app && useradd -u 2001 -g app app\nUSER 2001:2000\n",
    },
    {
      title: "the base says it",
      text: "FROM node:20-alpine\nUSER «node»\n",
      fixed: "FROM node:20-alpine\nUSER 1000\n",
    },
    {
      title: "the number is left to the tool, or to a variable",
      text: "FROM debian:12\nRUN useradd app\nUSER «app»\n",
    },
    {
      title: "a variable holds the name",
      text: "FROM debian:12\nARG U=app\nRUN useradd -u 2001 $U\nUSER «$U»\n",
    },
    {
      title: "a number, root, a name that is not the last, a stage that does not ship",
      text: "FROM node:20 AS build\nUSER node\nFROM node:20\nUSER node\nRUN npm ci\nUSER 1000:1000\n",
    },
    { title: "root is another rule's", text: "FROM debian:12\nUSER root\n" },
  ],
};
