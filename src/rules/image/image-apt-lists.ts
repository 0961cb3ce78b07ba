import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageAptLists: Rule<"image"> = contentRule({
  id: "image-apt-lists",
  class: "apt-lists",
  severity: "medium",
  risk: 0,
  measures: ["apt-lists-kept"],
  summary: "Package lists of apt are in the image",
  why: `\`apt-get update\` fetches them, \`apt-get install\` reads them, and nothing reads them at run time; the next
update fetches them anew. They must go in the RUN that fetched them: a later one only hides them. \`lock\` and
\`partial\` stay, and so does dpkg's own database, which says what is installed.`,
  aliases: ["DKL-DI-0005", "CIS-DI-0003"],
  what: "package lists of apt",
  spare: "the next apt-get update fetches them anew",
  fix: () =>
    "In the RUN that brings them: && rm -rf /var/lib/apt/lists/*, or RUN --mount=type=cache,target=/var/lib/apt/lists",
  examples: [
    {
      title: "lists left by a RUN",
      layers: [
        { "var/lib/dpkg/status": "Package: x\n" },
        { "var/lib/apt/lists/deb_main_Packages": 9_000_000, "var/lib/apt/lists/lock": "" },
      ],
      base: 1,
      reports: ["var/lib/apt/lists"],
    },
    {
      title: "lists of the base",
      layers: [{ "var/lib/apt/lists/a": 9_000_000 }],
      base: 1,
      reports: ["var/lib/apt/lists"],
    },
    {
      title: "lists deleted where they were fetched, or hidden since: that is another rule's",
      layers: [{ "var/lib/apt/lists/deb_main_Packages": 9_000_000 }, { "var/lib/apt/lists/deb_main_Packages": null }],
      reports: [],
    },
    {
      title: "the lock alone",
      layers: [{ "var/lib/apt/lists/lock": 500_000, "var/lib/apt/lists/partial/x": 500_000 }],
      reports: [],
    },
  ],
});
