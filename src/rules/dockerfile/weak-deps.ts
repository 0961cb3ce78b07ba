import { addOption, hasOption, shippedInstructions } from "../../syntax/index.ts";
import { inSource, likelyFix } from "../problem.ts";
import { managerCalls } from "../reading/package-managers.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const weakDeps: Rule<"dockerfile"> = {
  id: "weak-deps",
  subject: "dockerfile",
  aim: "size",
  severity: "low",
  summary: "Weak dependencies are installed along",
  why: `dnf, microdnf and zypper install what packages only recommend, as apt does. Few containers need it. Switch it off: what a program needs to run is a
dependency and comes all the same.`,
  check: whereSaid(/dnf|zypper/, function* ({ dockerfile }) {
    for (const run of shippedInstructions(dockerfile, "RUN")) {
      for (const { manager, command, does, verb, packages } of managerCalls(run)) {
        if (does !== "install" || !verb || packages.length === 0) continue;
        const option =
          manager === "zypper"
            ? "--no-recommends"
            : manager === "dnf"
              ? "--setopt=install_weak_deps=False"
              : manager === "microdnf"
                ? "--setopt=install_weak_deps=0"
                : undefined;
        if (
          !option ||
          hasOption(command, "--no-recommends") ||
          command.args.some((word) => word.raw.includes("install_weak_deps"))
        )
          continue;
        if (dockerfile.source.text.includes("install_weak_deps")) continue;
        yield {
          message: "this also installs weak dependencies",
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: verb.range.end }),
          ...likelyFix("Install dependencies only, if nothing here relies on a recommended package", [
            addOption(dockerfile, verb, option),
          ]),
        };
      }
    }
  }),
  examples: [
    {
      title: "dnf",
      text: "FROM fedora:40\nRUN «dnf install» -y nginx\n",
      fixed: "FROM fedora:40\nRUN dnf install --setopt=install_weak_deps=False -y nginx\n",
    },
    {
      title: "zypper",
      text: "FROM opensuse/leap:15.6\nRUN «zypper install» nginx\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper install --no-recommends nginx\n",
    },
    { title: "switched off", text: "FROM fedora:40\nRUN dnf install -y --setopt=install_weak_deps=False nginx\n" },
  ],
};
