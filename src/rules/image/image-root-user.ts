import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { startUser } from "../reading/accounts.ts";
import type { Rule } from "../rule.ts";

const changers = ["usr/local/bin/gosu", "usr/sbin/gosu", "usr/bin/gosu", "sbin/su-exec", "usr/bin/setpriv"];

export const imageRootUser: Rule<"image"> = {
  id: "image-root-user",
  subject: "image",
  aim: "security",
  severity: "medium",
  summary: "Containers of the image run as root",
  why: `The configuration names no user, or one whose number is 0. Root in a container may write to every file of the
image, and one fault of the kernel or one mount too many away from the host it is root there. Name a number in the
last stage: Kubernetes can check a number (\`runAsNonRoot\`), not a name.`,
  measures: ["no-user", "runs-as-root"],
  aliases: ["CIS-DI-0001", "DS-0002"],
  wants: (path) => path === "etc/passwd",
  *check(subject) {
    const { image, files } = subject;
    const { user, entrypoint } = image.config;
    const { name, id } = startUser(subject, user);
    if (id !== "0") return;
    const changes = entrypoint.length > 0 && changers.some((path) => files.get(path));
    const why =
      user === ""
        ? "no user is named"
        : name === "0" || name === "root"
          ? `the user is ${name}`
          : `the number of ${name} is 0`;
    yield {
      message: changes
        ? `containers start as root (${why}) and leave it to their entrypoint to become another user`
        : `containers run as root: ${why}`,
      at: inImage(image),
      ...(changes ? { severity: "info" } : {}),
      ...assistedFix("USER uid:gid at the end of the last stage, with COPY --chown for what the program writes"),
    };
  },
  examples: [
    { title: "nobody is named", layers: [{ x: "" }], reports: [""] },
    {
      title: "root by a number, and by another name",
      layers: [{ "etc/passwd": "root:x:0:0\ntoor:x:0:0\n" }],
      config: { user: "toor" },
      reports: [""],
    },
    {
      title: "the entrypoint becomes another user",
      layers: [{ "usr/local/bin/gosu 755": "" }],
      config: { entrypoint: ["/entry.sh"] },
      reports: [""],
    },
    {
      title: "a user and a number",
      layers: [{ "etc/passwd": "root:x:0:0\napp:x:10:10\n" }],
      config: { user: "app" },
      reports: [],
    },
    { title: "a number alone", layers: [{ x: "" }], config: { user: "10001:0" }, reports: [] },
  ],
};
