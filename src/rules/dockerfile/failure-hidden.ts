import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const failureHidden: Rule<"dockerfile"> = {
  id: "failure-hidden",
  subject: "dockerfile",
  aim: "correctness",
  severity: "low",

  summary: "|| true hides a build step that failed",
  why: `The step succeeds whatever happens, so the image is built without what the step was to do, and nobody learns of it. Let the build fail, or test for the one
condition that may fail.`,

  check: whereSaid(/\|\|/, function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN")) {
      for (const [i, command] of run.script.commands.entries()) {
        if (command.joinedBy !== "||" || !(command.name === "true" || command.name === ":") || command.depth > 0)
          continue;
        const before = run.script.commands[i - 1];
        if (!before || !steps.test(before.name)) continue;
        yield {
          message: `${before.name} may fail here and nobody learns of it`,
          at: inSource(dockerfile, { start: before.range.start, end: command.range.end }),
          ...assistedFix("Let the build fail, or test for what may be missing"),
        };
      }
    }
  }),
  examples: [
    { title: "an install", text: "FROM debian:12\nRUN «apt-get install -y curl || true»\n" },
    { title: "a missing tool", text: "FROM debian:12\nRUN «git config --global user.email a@b 2>/dev/null || true»\n" },
    { title: "a removal may find nothing", text: "FROM debian:12\nRUN rm /x || true\n" },
    { title: "an alternative", text: "FROM debian:12\nRUN curl -f https://a || curl -f https://b\n" },
  ],
};

const steps =
  /^(?:apt-get|apt|apk|yum|dnf|microdnf|zypper|pip\d?|npm|yarn|pnpm|go|cargo|make|git|curl|wget|mvn|gradle|composer|bundle|gem|poetry|useradd|adduser)$/;
