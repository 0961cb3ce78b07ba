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
    const named = own.filter((file) => !isUsual(file));
    for (const file of named.slice(0, shown)) {
      const { path, layer } = file;
      yield {
        message: `/${sayPath(path)} is ${kindOf(file)}${writable(file) ? ", and everybody may write to it" : ""}`,
        at: inImage(image, layer, path),
        ...(writable(file) ? { severity: "high" } : {}),
        ...broughtBy(image, [[layer, "brings it"]]),
        ...assistedFix(`In the instruction that brings it: chmod a-s /${path}; or remove its package`),
      };
    }
    if (named.length > shown)
      yield {
        message: `${named.length - shown} more files are setuid or setgid`,
        at: inImage(image),
        ...assistedFix("find / -xdev -perm /6000 -type f -exec chmod a-s {} + in the RUN that brings them"),
      };
    for (const [layer, paths] of byLayer(own.filter(isUsual)))
      yield {
        message: `the distribution's setuid and setgid programs are here: ${sayNames(paths, 5)}`,
        at: inImage(image, layer, paths.length === 1 ? paths[0]?.slice(1) : undefined),
        severity: "low",
        ...broughtBy(image, [[layer, "brings them"]]),
        ...assistedFix(`In the instruction that brings them: chmod a-s ${paths.slice(0, 20).join(" ")}`),
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
    { title: "one that distributions ship", layers: [{ "usr/bin/chage 2755 0:42": "a" }], reports: ["usr/bin/chage"] },
    { title: "the base's", layers: [{ "bin/su 4755": "a", "bin/mount 4755": "b" }], base: 1, reports: [""] },
    {
      title: "a directory whose group is inherited, and a program without the bit",
      layers: [{ "srv/ 2775": "", "bin/x 755": "a" }],
      reports: [],
    },
  ],
};

function kindOf({ entry: { mode, uid, gid } }: LiveFile): string {
  const as = (id: number): string => (id === 0 ? "root" : String(id));
  return (mode & setuid) !== 0 ? `setuid ${as(uid)}` : `setgid ${as(gid)}`;
}

function byLayer(files: readonly LiveFile[]): ReadonlyMap<number, readonly string[]> {
  const layers = new Map<number, string[]>();
  for (const { path, layer } of files) {
    const paths = layers.get(layer);
    if (paths) paths.push(`/${path}`);
    else layers.set(layer, [`/${path}`]);
  }
  return layers;
}

function isUsual(file: LiveFile): boolean {
  return !writable(file) && usual.test(file.path);
}

function writable({ entry }: LiveFile): boolean {
  return (entry.mode & 0o002) !== 0;
}
