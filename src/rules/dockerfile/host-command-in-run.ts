import { instructionsOf } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

/** Programs that want a person, or a whole machine. */
const reasons: Readonly<Record<string, string>> = {
  ssh: "a build has nobody to ask for a key, and what it does elsewhere cannot be repeated",
  vim: "nobody is there to edit",
  nano: "nobody is there to edit",
  shutdown: "there is no machine to stop",
  reboot: "there is no machine to start again",
  service: "what it starts ends with this step",
  systemctl: "no init system runs in a build, and what it starts ends with this step",
  ps: "a build step sees only its own processes",
  top: "nobody is there to look",
  htop: "nobody is there to look",
  free: "it tells of the machine that builds",
  kill: "a build step sees only its own processes",
  mount: "a build may not mount, and what it mounts ends with this step",
  ifconfig: "the network belongs to the build, not to the container",
};

export const hostCommandInRun: Rule<"dockerfile"> = {
  id: "host-command-in-run",
  subject: "dockerfile",
  aim: "correctness",
  severity: "info",
  summary: "A build step runs what has no meaning in a container",
  why: `Each RUN is a short-lived container without a terminal, an init system or rights over the machine. Services that are started there
are gone when the step ends, editors and monitors have nobody in front of them, and what is done over ssh is not in the image. Start
services from ENTRYPOINT or beside the container, copy files instead of fetching them by hand, and mount at run time.`,
  aliases: ["DL3001"],
  check: whereSaid(new RegExp(Object.keys(reasons).join("|")), function* ({ dockerfile }) {
    for (const run of instructionsOf(dockerfile, "RUN"))
      for (const command of run.script.commands) {
        const reason = Object.hasOwn(reasons, command.name) ? reasons[command.name] : undefined;
        if (reason === undefined || isHarmless(command.name, command.args[0]?.value)) continue;
        yield {
          message: reason,
          at: inSource(dockerfile, command.nameWord.range),
          ...assistedFix("Leave it out, or do it when the container starts"),
        };
      }
  }),
  examples: [
    {
      title: "a service, an editor",
      text: 'FROM debian:12\nRUN «service» nginx start && «vim» /etc/hosts\nRUN [«"mount"», "/dev/sda", "/mnt"]\n',
    },
    {
      title: "enabling, versions, installing, or words like them",
      text: "FROM debian:12\nRUN systemctl enable nginx && ssh -V && apt-get install -y vim && echo mount\nCMD service nginx start\n",
    },
  ],
};

/** `systemctl enable` only links a file, and a version is asked for to see that the program is there. */
function isHarmless(name: string, first: string | undefined): boolean {
  if (first === "--version" || first === "-V" || first === "--help") return true;
  return name === "systemctl" && /^(?:enable|disable|mask|unmask|preset|set-default|--root.*)$/.test(first ?? "");
}
