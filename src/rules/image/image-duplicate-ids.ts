import { broughtBy, inImage, isBaseLayer, sayNames } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { accountsIn } from "../reading/accounts.ts";
import type { Rule } from "../rule.ts";

const files = ["etc/passwd", "etc/group"] as const;

export const imageDuplicateIds: Rule<"image"> = {
  id: "image-duplicate-ids",
  subject: "image",
  aim: "security",
  severity: "medium",
  summary: "Two users or groups have the same number or the same name",
  why: `The kernel knows numbers alone: two users of one number are one user with two names, each with all the rights
of the other. A second line of the same name is never read. Both come from lines appended to \`/etc/passwd\` or
\`/etc/group\` twice, or by hand.`,
  aliases: ["DKL-LI-0002"],
  wants: (path) => path === "etc/passwd" || path === "etc/group",
  *check(subject) {
    const { image } = subject;
    for (const path of files) {
      const accounts = accountsIn(subject, path) ?? [];
      const layer = subject.files.resolve(path)?.layer ?? 0;
      const doubles = [
        ...groupsOf(accounts.map(({ id, name }) => [id, name] as const)).map(
          ([id, names]) => `${sayNames(names)} are all ${id}`,
        ),
        ...groupsOf(accounts.map(({ name }) => [name, name] as const)).map(
          ([name, all]) => `${name} stands there ${all.length} times`,
        ),
      ];
      if (doubles.length === 0) continue;
      yield {
        message: `/${path} gives a number or a name twice: ${sayNames(doubles, 5)}`,
        at: inImage(image, layer, path),
        ...(isBaseLayer(image, layer) ? { severity: "info" } : {}),
        ...broughtBy(image, [[layer, "brings the file"]]),
        ...assistedFix("Give each its own number, with useradd or adduser rather than by appending lines"),
      };
    }
  },
  examples: [
    { title: "a second root", layers: [{ "etc/passwd": "root:x:0:0\ntoor:x:0:0\n" }], reports: ["etc/passwd"] },
    { title: "a group appended twice", layers: [{ "etc/group": "app:x:10:\napp:x:10:\n" }], reports: ["etc/group"] },
    {
      title: "each its own",
      layers: [{ "etc/passwd": "root:x:0:0\napp:x:10:10\n", "etc/group": "root:x:0:\napp:x:10:\n" }],
      reports: [],
    },
  ],
};

function groupsOf(pairs: readonly (readonly [key: string, name: string])[]): readonly [string, readonly string[]][] {
  const groups = new Map<string, string[]>();
  for (const [key, name] of pairs) {
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  return [...groups].filter(([key, names]) => key !== "" && names.length > 1);
}
