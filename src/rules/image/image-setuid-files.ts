import type { LiveFile } from "../../image/index.ts";
import { broughtBy, inImage, isBaseLayer, sayNames, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

const setuid = 0o4000;
const setgid = 0o2000;
/** What distributions ship so: known, reviewed, and still needless in a container. */
const usual =
  /^(?:usr\/)?s?bin\/(?:su|mount|umount|passwd|chsh|chfn|chage|gpasswd|newgrp|newuidmap|newgidmap|expiry|unix_chkpwd|pam_timestamp_check|ping|ping6|sudo|bbsuid|crontab|ssh-agent|wall|write|at|pkexec|fusermount3?)$|^usr\/(?:lib|libexec)\/(?:openssh\/ssh-keysign|dbus-1\.0\/dbus-daemon-launch-helper|utempter\/utempter|polkit-1\/polkit-agent-helper-1)$/;
/** Files of one image that get a line of their own. */
const shown = 50;

export const imageSetuidFiles: Rule<"image"> = {
  id: "image-setuid-files",
  subject: "image",
  aim: "security",
  severity: "medium",
  summary: "Programs run with the rights of their owner whoever starts them",
  why: `A setuid or setgid program is a way from an ordinary user to its owner, mostly root: one fault in it and a
container that runs as nobody runs as root. Containers seldom need one, not even \`su\` or \`mount\`. Take the bit
away in the RUN that brings the file (a later chmod stores the file once more), and run containers with
\`--security-opt no-new-privileges\`, which makes the bit void.`,
  aliases: ["CIS-DI-0008"],
  *check({ image, files }) {
    const found = [...files.all()].filter(
      ({ entry }) => entry.type === "file" && (entry.mode & (setuid | setgid)) !== 0,
    );
    const own = found.filter(({ layer }) => !isBaseLayer(image, layer));
    for (const file of own.slice(0, shown)) {
      const { entry, path, layer } = file;
      yield {
        message: `/${sayPath(path)} is ${kindOf(file)}${entry.uid === 0 ? " root" : ""}${writable(file) ? ", and everybody may write to it" : ""}`,
        at: inImage(image, layer, path),
        ...(writable(file) ? { severity: "high" } : usual.test(path) ? { severity: "low" } : {}),
        ...broughtBy(image, [[layer, "brings it"]]),
        ...assistedFix(`In the instruction that brings it: chmod a-s /${path}; or remove its package`),
      };
    }
    if (own.length > shown)
      yield {
        message: `${own.length - shown} more files are setuid or setgid`,
        at: inImage(image),
        ...assistedFix("find / -xdev -perm /6000 -type f -exec chmod a-s {} + in the RUN that brings them"),
      };
    const base = found.filter(({ layer }) => isBaseLayer(image, layer));
    if (base.length > 0)
      yield {
        message: `the base image brings ${base.length} setuid or setgid file${base.length === 1 ? "" : "s"}: ${sayNames(
          base.map(({ path }) => `/${path}`),
          5,
        )}`,
        at: inImage(image, base[0]?.layer),
        severity: "info",
        ...assistedFix("Run containers with --security-opt no-new-privileges, or choose a base without them"),
      };
  },
  examples: [
    {
      title: "a program of one's own, and one that everybody may change",
      layers: [{ "opt/x 4755": "a", "opt/y 4777": "b" }],
      reports: ["opt/x", "opt/y"],
    },
    { title: "setgid, from a package", layers: [{ "usr/bin/chage 2755 0:42": "a" }], reports: ["usr/bin/chage"] },
    { title: "the base's", layers: [{ "bin/su 4755": "a", "bin/mount 4755": "b" }], base: 1, reports: [""] },
    {
      title: "a directory whose group is inherited, and a program without the bit",
      layers: [{ "srv/ 2775": "", "bin/x 755": "a" }],
      reports: [],
    },
  ],
};

function kindOf({ entry }: LiveFile): string {
  return (entry.mode & setuid) !== 0 ? "setuid" : "setgid";
}

function writable({ entry }: LiveFile): boolean {
  return (entry.mode & 0o002) !== 0;
}
