import { isBelow, normalizePath, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

const system = [
  "/proc",
  "/sys",
  "/dev",
  "/boot",
  "/bin",
  "/sbin",
  "/lib",
  "/lib64",
  "/etc",
  "/run",
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib",
];

export const workdirSystem: Rule<"dockerfile"> = {
  id: "workdir-system",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "WORKDIR is a directory of the system",
  why: `What the program writes, and what later COPYs bring, mixes with the system's own files there, and can replace them.
/proc, /sys and /dev are not of the image at all: the runtime mounts over them. Use a directory of the program's own.`,
  aliases: ["DS-0030"],
  *check({ dockerfile }) {
    for (const workdir of shippedInstructions(dockerfile, "WORKDIR")) {
      const [word] = workdir.words;
      if (!word?.value?.startsWith("/")) continue;
      const path = normalizePath(word.value);
      const virtual = ["/proc", "/sys", "/dev"].some((one) => isBelow(path, one));
      if (!virtual && !system.includes(path)) continue;
      yield {
        message: `${path} belongs to the system`,
        at: inSource(dockerfile, word.range),
        ...assistedFix("Use a directory of the program's own, such as /app"),
      };
    }
  },
  examples: [
    { title: "the system's", text: "FROM debian:12\nWORKDIR «/proc/self»\nWORKDIR «/etc/»\n" },
    {
      title: "the program's own",
      text: "FROM debian:12 AS b\nWORKDIR /etc\nFROM debian:12\nWORKDIR /app\nWORKDIR /etc/app\nWORKDIR etc\n",
    },
  ],
};
