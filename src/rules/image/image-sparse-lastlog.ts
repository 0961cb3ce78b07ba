import { broughtBy, inImage, isBaseLayer, sayBytes, sayPath, weighing } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

const least = 1_000_000;

export const imageSparseLastlog: Rule<"image"> = {
  id: "image-sparse-lastlog",
  subject: "image",
  aim: "size",
  severity: "medium",
  risk: 0,
  measures: ["useradd-sparse-lastlog"],
  summary: "A user with a large number made lastlog or faillog huge",
  why: `\`/var/log/lastlog\` and \`/var/log/faillog\` have a place for each user number up to the largest. useradd with a number in the millions makes them gigabytes
large: sparse on the builder's disk, but unpacked in full wherever the image goes. A container has no logins to log. \`useradd --no-log-init\` leaves
the files alone.`,
  *check({ image, files }) {
    for (const path of ["var/log/faillog", "var/log/lastlog"]) {
      const file = files.get(path);
      if (!file || file.entry.size < least || isBaseLayer(image, file.layer)) continue;
      const bytes = { unpacked: file.entry.size, stored: file.entry.storedBytes };
      yield {
        message: `/${sayPath(path)} takes ${sayBytes(bytes)}: it has a place for every user number up to the largest, and no container logs logins`,
        at: inImage(image, file.layer, path),
        ...weighing(bytes),
        ...broughtBy(image, [[file.layer, "brings it"]]),
        ...assistedFix("useradd --no-log-init, or a smaller number"),
      };
    }
  },
  examples: [
    {
      title: "a user 200000000",
      layers: [{ "var/log/lastlog": 58_400_000_000, "var/log/faillog": 9_000_000 }],
      reports: ["var/log/faillog", "var/log/lastlog"],
    },
    { title: "ordinary users", layers: [{ "var/log/lastlog": 292_000 }], reports: [] },
  ],
};
