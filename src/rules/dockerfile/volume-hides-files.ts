import { isBelow, normalizePath, shippedInstructions, workdirAt } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const volumeHidesFiles: Rule<"dockerfile"> = {
  id: "volume-hides-files",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "A VOLUME covers files that the image itself brings",
  why: `Docker fills a new volume with what the image has there, once. From then on the volume hides the image's directory: a
newer image brings newer files and the container still runs the old ones. Mounted from the host, or under Kubernetes, the
directory is empty. Declare volumes for data only, or leave that to whoever runs the image.`,
  *check({ dockerfile }) {
    for (const volume of shippedInstructions(dockerfile, "VOLUME")) {
      for (const word of volume.words) {
        const path = word.value;
        if (path === undefined || !path.startsWith("/") || normalizePath(path) === "/") continue;
        for (const keyword of ["COPY", "ADD"] as const) {
          const copy = shippedInstructions(dockerfile, keyword).find((one) => {
            const to = one.target.value;
            if (to === undefined || to === "") return false;
            const directory = to.startsWith("/") ? "" : workdirAt(dockerfile, one);
            return directory !== undefined && isBelow(normalizePath(`${directory}/${to}`), normalizePath(path));
          });
          if (!copy) continue;
          yield {
            message: "this volume hides files that the image brings",
            at: inSource(dockerfile, word.range),
            related: [{ at: inSource(dockerfile, copy.target.range), message: "they are put there here" }],
            ...assistedFix("Keep program and data in different directories, and declare the data's only"),
          };
          break;
        }
      }
    }
  },
  examples: [
    {
      title: "the program's own directory",
      text: 'FROM debian:12\nCOPY app.py /root/app.py\nVOLUME «/root»\nWORKDIR /srv\nCOPY . app/\nVOLUME [«"/srv/app/"», "/data"]\n',
    },
    {
      title: "data beside the program, a variable, a build stage",
      text: "FROM debian:12 AS a\nCOPY x /data/x\nFROM debian:12\nCOPY x /app/x\nARG D\nVOLUME /data /appdata $D\n",
    },
  ],
};
