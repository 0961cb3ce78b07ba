import { insertLineBefore, instructionsOf, removeWord, replaceRange } from "../../syntax/index.ts";
import { assistedFix, inSource, safeFix } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const frontendInEnv: Rule<"dockerfile"> = {
  id: "frontend-in-env",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",

  summary: "DEBIAN_FRONTEND as ENV stays set in the running container",
  why: `\`noninteractive\` is meant for the build. As \`ENV\` it also rules every shell in the container, where a package that must ask then takes its default in
silence. As \`ARG\` it is set during the build alone.`,

  check: whereSaid(/DEBIAN_FRONTEND/, function* ({ dockerfile }) {
    for (const env of instructionsOf(dockerfile, "ENV")) {
      const pair = env.pairs.find(({ name }) => name.raw === "DEBIAN_FRONTEND");
      if (!pair?.value || env.stage < 0) continue;
      const alone = env.pairs.length === 1 && !env.legacy;
      const argument = `ARG DEBIAN_FRONTEND=${pair.value.raw}`;
      const edits = alone
        ? [
            replaceRange(
              dockerfile,
              env.keywordRange,
              env.keywordRange.end > env.keywordRange.start && dockerfile.source.text[env.keywordRange.start] === "e"
                ? "arg"
                : "ARG",
            ),
          ]
        : env.legacy
          ? [replaceRange(dockerfile, env.lineRange, argument)]
          : [insertLineBefore(dockerfile, env, argument), removeWord(dockerfile, pair.range)];
      const inherited = dockerfile.stages.some(
        (stage) => stage.base.kind === "stage" && stage.base.index === env.stage,
      );
      yield {
        message: "this stays set in the running container",
        at: inSource(dockerfile, pair.name.range),
        ...(inherited
          ? assistedFix("Use ARG, in every stage that installs packages")
          : safeFix("Use ARG, which ends with the build", edits)),
      };
    }
  }),
  examples: [
    {
      title: "alone",
      text: "FROM debian:12\nENV «DEBIAN_FRONTEND»=noninteractive\n",
      fixed: "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\n",
    },
    {
      title: "the legacy form",
      text: "FROM debian:12\nENV «DEBIAN_FRONTEND» noninteractive\n",
      fixed: "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\n",
    },
    {
      title: "among others",
      text: "FROM debian:12\nENV «DEBIAN_FRONTEND»=noninteractive TZ=UTC\n",
      fixed: "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nENV TZ=UTC\n",
    },
    { title: "an argument", text: "FROM debian:12\nARG DEBIAN_FRONTEND=noninteractive\nENV TZ=UTC\n" },
  ],
};
