import { shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import type { Rule } from "../rule.ts";

const managers: Readonly<Record<string, string>> = {
  supervisord: "a supervisor",
  sshd: "an SSH server",
  cron: "cron",
  crond: "cron",
  systemd: "systemd",
  init: "an init system",
  rsyslogd: "a log daemon",
  monit: "a supervisor",
  runsvdir: "a supervisor",
  my_init: "an init system",
};

export const initSystemInContainer: Rule<"dockerfile"> = {
  id: "init-system-in-container",
  subject: "dockerfile",
  aim: "security",
  severity: "low",
  summary: "The container starts a supervisor, cron or an SSH server as its program",
  why: `Docker watches a single program: behind a supervisor a service may fail again and again while the container counts as running,
its log does not reach \`docker logs\`, and all of it needs root. Run one service per container and let Docker restart it;
take \`docker exec\` instead of an SSH server, and the host's or the platform's timer instead of cron.`,
  *check({ dockerfile }) {
    for (const keyword of ["ENTRYPOINT", "CMD"] as const) {
      const instruction = shippedInstructions(dockerfile, keyword).at(-1);
      const command = instruction?.script.commands.find(({ name }) => Object.hasOwn(managers, name));
      if (!command) continue;
      yield {
        message: `${managers[command.name]} is what this container runs`,
        at: inSource(dockerfile, command.nameWord.range),
        ...assistedFix("Start the one service itself, and others in containers of their own"),
      };
    }
  },
  examples: [
    { title: "a supervisor", text: 'FROM debian:12\nCMD [«"/usr/bin/supervisord"», "-n"]\n' },
    { title: "a server beside the program", text: "FROM debian:12\nENTRYPOINT «/usr/sbin/sshd» && exec app\n" },
    {
      title: "one program, the small init that reaps, an earlier CMD",
      text: 'FROM debian:12\nCMD ["supervisord"]\nENTRYPOINT ["tini", "--"]\nCMD ["app", "sshd"]\n',
    },
  ],
};
