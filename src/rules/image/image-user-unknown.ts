import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { accountsIn } from "../reading/accounts.ts";
import type { Rule } from "../rule.ts";

export const imageUserUnknown: Rule<"image"> = {
  id: "image-user-unknown",
  subject: "image",
  aim: "correctness",
  measures: ["user-unknown"],
  severity: "high",
  summary: "The image names a user or group it does not have",
  why: `A container whose configuration names a user that is not in \`/etc/passwd\`, or a group that is not in
\`/etc/group\`, does not start. Make the user in the last stage, copy \`/etc/passwd\` from the stage that made it, or
name numbers: those need no entry.`,
  wants: (path) => path === "etc/passwd" || path === "etc/group",
  *check(subject) {
    const { image } = subject;
    const [user = "", group = ""] = image.config.user.split(":", 2);
    for (const [kind, name, path] of [
      ["user", user, "etc/passwd"],
      ["group", group, "etc/group"],
    ] as const) {
      if (name === "" || name === "root" || /^\d+$/.test(name)) continue;
      const known = accountsIn(subject, path);
      if (!known || known.some((one) => one.name === name)) continue;
      yield {
        message: `no container starts: the image's ${kind} ${name} is not in /${path}`,
        at: inImage(image, subject.files.get(path)?.layer, path),
        ...assistedFix(`Make the ${kind} in the last stage, or name its number`),
      };
    }
  },
  examples: [
    {
      title: "made in another stage",
      layers: [{ "etc/passwd": "root:x:0:0\n" }],
      config: { user: "app" },
      reports: ["etc/passwd"],
    },
    {
      title: "an image without accounts",
      layers: [{ app: "" }],
      config: { user: "app:app" },
      reports: ["etc/group", "etc/passwd"],
    },
    {
      title: "made, or a number",
      layers: [{ "etc/passwd": "app:x:10:10\n" }],
      config: { user: "app:10" },
      reports: [],
    },
  ],
};
