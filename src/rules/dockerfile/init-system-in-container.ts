import { shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { startOneProgram } from "../remedies/start-one-program.ts";
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
  *check({ dockerfile, context }) {
    for (const keyword of ["ENTRYPOINT", "CMD"] as const) {
      const instruction = shippedInstructions(dockerfile, keyword).at(-1);
      const command = instruction?.script.commands.find(({ name }) => Object.hasOwn(managers, name));
      if (!command) continue;
      const { fix } = command.name === "supervisord" ? startOneProgram(dockerfile, context) : {};
      yield {
        message: `${managers[command.name]} is what this container runs`,
        at: inSource(dockerfile, command.nameWord.range),
        ...(fix ? { fix } : assistedFix("Start the one service itself, and others in containers of their own")),
      };
    }
  },
  examples: [
    {
      title: "one program beside services of a machine",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y openssh-server supervisor python3\nRUN echo root:x | chpasswd\nRUN mkdir -p /run/sshd\nCOPY app.py /root/app.py\nCOPY app.conf /etc/supervisor/conf.d/\nVOLUME /root\nCMD [«"supervisord"», "-n"]\n',
      context: {
        "app.py": "print(1)\n",
        "app.conf":
          "[program:sshd]\ncommand=/usr/sbin/sshd -D\n[program:app]\ncommand=/usr/bin/python3 /root/app.py\nautorestart=true\n",
      },
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y python3\nCOPY app.py /app/app.py\nCMD ["/usr/bin/python3", "/app/app.py"]\n',
    },
    {
      title: "cron that has jobs",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y cron supervisor python3\nCOPY jobs /etc/cron.d/jobs\nCOPY app.conf /etc/supervisor/conf.d/\nCMD [«"supervisord"», "-n"]\n',
      context: {
        jobs: "* * * * * root true\n",
        "app.conf": "[program:cron]\ncommand=/usr/sbin/cron -f\n[program:app]\ncommand=/usr/bin/python3 -m x\n",
      },
    },
    { title: "a supervisor", text: 'FROM debian:12\nCMD [«"/usr/bin/supervisord"», "-n"]\n' },
    { title: "a server beside the program", text: "FROM debian:12\nENTRYPOINT «/usr/sbin/sshd» && exec app\n" },
    {
      title: "one program, the small init that reaps, an earlier CMD",
      text: 'FROM debian:12\nCMD ["supervisord"]\nENTRYPOINT ["tini", "--"]\nCMD ["app", "sshd"]\n',
    },
  ],
};
