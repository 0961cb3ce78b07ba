import { addOption, findCommands, instructionsOf, shippedStages } from "../../syntax/index.ts";
import { inSource, safeFix } from "../problem.ts";
import { readCreation } from "../reading/users.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

/** Bytes that /var/log/lastlog and /var/log/faillog grow by for each uid up to the highest: 292 and 32. */
const bytesOfUid = 324;

export const useraddSparseLastlog: Rule<"dockerfile"> = {
  id: "useradd-sparse-lastlog",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",
  summary: "A user with a high uid makes useradd write a huge lastlog",
  why: `\`useradd\` writes an entry to /var/log/lastlog and /var/log/faillog at the place that the uid gives. With a high uid
these files have a big hole, and the layer stores the hole as zeros: a uid of ten digits takes hundreds of gigabytes and
stops the build. \`--no-log-init\` leaves both files alone.`,
  aliases: ["DL3046"],
  check: whereSaid(/useradd/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const command of findCommands(run.script, "useradd")) {
        const created = readCreation(command);
        const uid = created?.id?.value;
        if (!created || created.noLogInit || uid === undefined || !/^\d{6,10}$/.test(uid)) continue;
        const option = command.args.find((word) => (word.value ?? word.raw).endsWith(uid));
        const shipped = shippedStages(dockerfile).has(run.stage);
        yield {
          message: `uid ${uid} makes the login records ${inWords(Number(uid) * bytesOfUid)} long`,
          at: inSource(dockerfile, option?.range ?? command.nameWord.range),
          ...(shipped ? { bytes: { value: Number(uid) * bytesOfUid, basis: "estimated" } } : { severity: "low" }),
          ...(run.form === "exec"
            ? {}
            : safeFix("Write no login records", addOption(dockerfile, command.nameWord, "--no-log-init"))),
        };
      }
    }
  }),
  examples: [
    {
      title: "high uids, written in several ways",
      text: "FROM debian:12\nRUN useradd -m -u «1000660000» a && useradd «--uid=200000» b && \\\n    useradd -mu «300000» c\n",
      fixed:
        "FROM debian:12\nRUN useradd --no-log-init -m -u 1000660000 a && useradd --no-log-init --uid=200000 b && \\\n    useradd --no-log-init -mu 300000 c\n",
    },
    {
      title: "an ARG gives the uid",
      text: 'FROM debian:12\nARG UID=123456\nRUN useradd -u «"$UID"» a\n',
      fixed: 'FROM debian:12\nARG UID=123456\nRUN useradd --no-log-init -u "$UID" a\n',
    },
    {
      title: "a low uid, or no login records",
      text: "FROM debian:12\nRUN useradd -u 10001 a && useradd -l -u 1000660000 b && useradd -ru 1000660000 --no-log-init c\n",
    },
  ],
};

function inWords(bytes: number): string {
  return bytes < 1_000_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.round(bytes / 1_000_000_000)} GB`;
}
