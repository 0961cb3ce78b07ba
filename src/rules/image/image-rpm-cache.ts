import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageRpmCache: Rule<"image"> = contentRule({
  id: "image-rpm-cache",
  class: "rpm-cache",
  severity: "medium",
  risk: 0,
  measures: ["dnf-cache-kept", "yum-cache-kept", "zypper-cache-kept"],
  summary: "Caches of dnf, yum or zypper are in the image",
  why: `dnf, microdnf, yum and zypper keep the metadata of repositories, and packages where \`keepcache\` is set, and
dnf a history of its doings. What is installed does not need them. The rpm database (\`/var/lib/rpm\`,
\`/usr/lib/sysimage/rpm\`) stays.`,
  what: "metadata and packages that dnf, yum or zypper keep",
  spare: "they are fetched again when they are needed",
  fix: () =>
    "In the RUN that installs: && dnf clean all (yum, microdnf, zypper likewise), or RUN --mount=type=cache,target=/var/cache/dnf",
  examples: [
    {
      title: "metadata",
      layers: [{ "var/cache/dnf/appstream/repodata/primary.xml.gz": 20_000_000 }],
      reports: ["var/cache/dnf"],
    },
    {
      title: "the database",
      layers: [{ "var/lib/rpm/Packages": 20_000_000, "usr/lib/sysimage/rpm/rpmdb.sqlite": 20_000_000 }],
      reports: [],
    },
  ],
});
