import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageLogsAndTemp: Rule<"image"> = contentRule({
  id: "image-logs-and-temp",
  class: "logs-and-temp",
  severity: "low",
  risk: 0,
  measures: ["archive-kept"],
  summary: "Logs and temporary files of the build are in the image",
  why: `Package managers write logs, installers leave archives in \`/tmp\`, shells remember what was typed. A
container starts with them and never reads them; histories of shells may hold passwords. They must go in the RUN that
made them.`,
  what: "logs, temporary files and histories",
  spare: "they tell of the build, and no container reads them",
  fix: () =>
    "In the RUN that makes them: && rm -rf /tmp/* /var/tmp/* /var/log/*, or RUN --mount=type=tmpfs,target=/tmp",
  examples: [
    {
      title: "an installer left in /tmp, a log and a history",
      layers: [{ "tmp/installer.run": 90_000_000, "var/log/apt/term.log": 100, "root/.bash_history": "ls" }],
      reports: ["tmp"],
    },
    {
      title: "links to the console, and useradd's sparse file: that is another rule's",
      layers: [{ "var/log/nginx/access.log": { link: "/dev/stdout" }, "var/log/lastlog": 90_000_000 }],
      reports: [],
    },
  ],
});
