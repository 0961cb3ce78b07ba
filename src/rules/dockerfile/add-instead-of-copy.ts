import type { BuildContext } from "../../core/index.ts";
import { instructionsOf, replaceRange } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const addInsteadOfCopy: Rule<"dockerfile"> = {
  id: "add-instead-of-copy",
  subject: "dockerfile",
  aim: "security",
  severity: "low",

  summary: "ADD for what COPY does",
  why: `\`ADD\` also unpacks archives and fetches addresses, so what it does depends on what the file turns out to be. \`COPY\` copies and nothing else. \`ADD\` stays right
for archives that shall be unpacked, for addresses with \`--checksum\`, and for Git repositories.`,
  aliases: ["DL3020", "CIS-DI-0009", "DS-0005"],
  *check({ dockerfile, context }) {
    for (const add of instructionsOf(dockerfile, "ADD")) {
      if (
        add.sources.length === 0 ||
        add.flags.some(({ name }) => ["checksum", "keep-git-dir", "unpack"].includes(name))
      )
        continue;
      if (!add.sources.every((source) => isPlain(source.value, context))) continue;
      const lower = dockerfile.source.text[add.keywordRange.start] === "a";
      yield {
        message: "COPY does this and nothing unexpected",
        at: inSource(dockerfile, add.keywordRange),
        ...safeFix("Use COPY", [replaceRange(dockerfile, add.keywordRange, lower ? "copy" : "COPY")]),
      };
    }
  },
  examples: [
    { title: "a directory", text: "FROM a\n«ADD» . /app\n", fixed: "FROM a\nCOPY . /app\n" },
    { title: "a file", text: "FROM a\n«ADD» package.json ./\n", fixed: "FROM a\nCOPY package.json ./\n" },
    { title: "an archive is unpacked", text: "FROM a\nADD app.tar.gz /opt/\n" },
    {
      title: "an address, a repository, a checksum",
      text: "FROM a\nADD https://example.com/a /a\nADD git@github.com:a/b.git /b\nADD --checksum=sha256:0 x /x\n",
    },
    { title: "a variable may be anything", text: "FROM a\nARG FILE\nADD $FILE /x\n" },
  ],
};

const archive = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+|gz|bz2|xz|zst|lzma|Z)$/i;

/** A local file or directory that is surely no archive: by its name, and by its first bytes where the context is at hand. */
function isPlain(path: string | undefined, context: BuildContext | undefined): boolean {
  if (path === undefined || /^(?:https?|ftp|git|ssh):|^git@|\.git(?:#.*)?$/.test(path) || archive.test(path))
    return false;
  if (/[*?[]/.test(path) && !/\.\w+$/.test(path)) return false;
  if (!context || /[*?[]/.test(path)) return true;
  const name = path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const file = context.files.find((one) => one.path === name && one.type === "file");
  return (
    !file ||
    file.size === 0 ||
    context.text(name) !== undefined ||
    /\.(?:jar|war|zip|png|jpe?g|so|exe|bin|dll|whl|woff2?|ico|pdf|db|class)$/i.test(name)
  );
}
