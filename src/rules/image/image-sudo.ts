import { broughtBy, inImage, isBaseLayer, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { textOf } from "../reading/contents.ts";
import type { Rule } from "../rule.ts";

const isRules = (path: string): boolean => path === "etc/sudoers" || path.startsWith("etc/sudoers.d/");

export const imageSudo: Rule<"image"> = {
  id: "image-sudo",
  subject: "image",
  aim: "security",
  severity: "medium",
  summary: "sudo is in the image, or lets somebody become root without a password",
  why: `A container is one program: it needs no way from one user to another. sudo is setuid root and has had its
faults; with \`NOPASSWD\` whoever breaks into the program is root at once. Do what needs root before \`USER\`, and
start as root and drop rights with gosu or su-exec where it cannot be avoided.`,
  aliases: ["DKL-DI-0001"],
  wants: isRules,
  *check({ image, files, contents }) {
    const sudo = files.get("usr/bin/sudo") ?? files.get("bin/sudo");
    if (sudo?.entry.type === "file" && !isBaseLayer(image, sudo.layer))
      yield {
        message: `/${sudo.path} lets users become root`,
        at: inImage(image, sudo.layer, sudo.path),
        ...broughtBy(image, [[sudo.layer, "brings it"]]),
        ...assistedFix("Leave sudo out; do what needs root before USER"),
      };
    for (const path of contents.paths) {
      const file = files.get(path);
      if (!file || !isRules(path)) continue;
      const line = textOf(contents, path)
        ?.split("\n")
        .findIndex((one) => /^[^#]*NOPASSWD\s*:/.test(one.slice(0, 1000)));
      if (line === undefined || line < 0) continue;
      yield {
        message: `line ${line + 1} of /${sayPath(path)} lets somebody become root without a password`,
        at: inImage(image, file.layer, path),
        severity: "high",
        ...broughtBy(image, [[file.layer, "brings the file"]]),
        ...assistedFix("Remove the rule"),
      };
    }
  },
  examples: [
    {
      title: "installed, and without a password",
      layers: [{ "usr/bin/sudo 4755": "x", "etc/sudoers.d/app": "app ALL=(ALL) NOPASSWD: ALL\n" }],
      reports: ["etc/sudoers.d/app", "usr/bin/sudo"],
    },
    {
      title: "the base's, and a comment",
      layers: [{ "usr/bin/sudo 4755": "x", "etc/sudoers": "# %wheel ALL=(ALL) NOPASSWD: ALL\n" }],
      base: 1,
      reports: [],
    },
  ],
};
