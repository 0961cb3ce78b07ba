import { broughtBy, inImage, sayNames } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { accountsIn } from "../reading/accounts.ts";
import type { Rule } from "../rule.ts";

const paths = ["etc/passwd", "etc/shadow"];

export const imageEmptyPassword: Rule<"image"> = {
  id: "image-empty-password",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "An account has an empty password",
  why: `An empty second field in \`/etc/shadow\` (or in \`/etc/passwd\`) means that no password is asked for: with
\`su\`, or a login service, anybody becomes that user. \`!\` or \`*\` there locks the account, and is what an account
of a service should have.`,
  aliases: ["DKL-LI-0001"],
  wants: (path) => paths.includes(path),
  *check(subject) {
    const { image, files } = subject;
    for (const path of paths) {
      const open = accountsIn(subject, path)?.filter(({ password }) => password === "") ?? [];
      if (open.length === 0) continue;
      const layer = files.resolve(path)?.layer ?? 0;
      const names = open.map(({ name }) => name);
      yield {
        message: `${sayNames(names, 5)} ${open.length === 1 ? "has" : "have"} an empty password in /${path}`,
        at: inImage(image, layer, path),
        ...broughtBy(image, [[layer, "brings the file"]]),
        ...assistedFix(`passwd -l ${names[0] ?? "root"}, or put "!" in the second field`),
      };
    }
  },
  examples: [
    { title: "root's", layers: [{ "etc/shadow": "root:::0:::::\nbin:!::0:::::\n" }], reports: ["etc/shadow"] },
    {
      title: "without a shadow file",
      layers: [{ "etc/passwd": "root:x:0:0\nguest::405:100\n" }],
      reports: ["etc/passwd"],
    },
    {
      title: "locked accounts and a hash",
      layers: [{ "etc/shadow": "root:*::0:::::\na:!:1:::::\nb:$6$x$y:1:::::\n", "etc/passwd": "root:x:0:0:::\n" }],
      reports: [],
    },
  ],
};
