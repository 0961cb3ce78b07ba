import { isBelow, normalizePath, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

const system = ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/"];

export const volumeSystem: Rule<"dockerfile"> = {
  id: "volume-system",
  subject: "dockerfile",
  aim: "security",
  severity: "medium",
  summary: "VOLUME covers a directory of the system",
  why: `/proc, /sys and /dev are made by the runtime; a volume there breaks or exposes them. Over /etc, /usr and the like a volume
keeps the files of the first image for ever, past every update. Declare directories of the program's data only.`,
  aliases: ["DKL-DI-0002"],
  *check({ dockerfile }) {
    for (const volume of shippedInstructions(dockerfile, "VOLUME")) {
      for (const word of volume.words) {
        if (!word.value?.startsWith("/")) continue;
        const path = normalizePath(word.value);
        if (!system.includes(path) && !["/proc", "/sys", "/dev"].some((one) => isBelow(path, one))) continue;
        yield {
          message: `${path} belongs to the system`,
          at: inSource(dockerfile, word.range),
          ...assistedFix("Declare a directory of the program's data, or none"),
        };
      }
    }
  },
  examples: [
    { title: "the system's", text: 'FROM debian:12\nVOLUME «/dev/shm» /data\nVOLUME [«"/etc/"»]\n' },
    { title: "data", text: "FROM debian:12\nVOLUME /data /var/lib/x /etc/app\n" },
  ],
};
