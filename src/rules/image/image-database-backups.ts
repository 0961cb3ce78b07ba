import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageDatabaseBackups: Rule<"image"> = contentRule({
  id: "image-database-backups",
  class: "database-backups",
  severity: "low",
  risk: 0,
  summary: "Package managers' backups of their databases are in the image",
  why: `dpkg and debconf keep the state before the last change beside their databases (\`status-old\`,
\`templates.dat-old\`). Nothing in a container goes back to it. The databases themselves are what scanners and package
managers know the image by: they stay.`,
  what: "backups of the databases of dpkg and debconf",
  spare: "they are copies of what was before the last change",
  fix: () => "In the RUN that installs: && rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old",
  examples: [
    {
      title: "old states",
      layers: [
        {
          "var/lib/dpkg/status-old": 900_000,
          "var/lib/dpkg/status": 900_000,
          "var/cache/debconf/templates.dat-old": 800_000,
        },
      ],
      reports: ["var/lib/dpkg"],
    },
    {
      title: "the databases themselves",
      layers: [
        {
          "var/lib/dpkg/status": 9_000_000,
          "var/lib/dpkg/info/x.list": 9_000_000,
          "var/cache/debconf/templates.dat": 900_000,
        },
      ],
      reports: [],
    },
  ],
});
