import type { Rule } from "../rule.ts";
import { wasteRule } from "../waste-rule.ts";

export const imageOverwrittenFiles: Rule<"image"> = wasteRule({
  id: "image-overwritten-files",
  cause: "overwritten",
  severity: "low",
  summary: "Files that a later layer overwrites are in the image twice",
  why: `A layer that changes one byte of a file stores all of it anew, and the first version stays. Databases of
package managers grow so with every RUN that installs. Do what belongs together in one RUN, and copy a file once, in
its last version.`,
  brings: "brings the first version",
  hides: "overwrites them",
  fate: "are overwritten by a later layer; both versions are in the image",
  fix: `Write them once: join the instructions, or copy the last version alone`,
  baseFix: "Where packages were upgraded, choose a newer base; where packages were installed, do it in one RUN",
  copies: true,
  examples: [
    {
      title: "a jar copied twice",
      layers: [{ "app/x.jar": 9_000_000 }, { "app/x.jar": 9_000_001 }],
      reports: ["app/x.jar"],
    },
    {
      title: "a database of packages: told, but not by its name, for it must stay",
      layers: [{ "var/lib/dpkg/status": 900_000 }, { "var/lib/dpkg/status": 900_001 }],
      reports: [""],
    },
    { title: "small files", layers: [{ "etc/passwd": "a" }, { "etc/passwd": "b" }], reports: [] },
  ],
});
