import { shippedInstructions, type ShellCommand } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { unusedPackages } from "../reading/unused-packages.ts";
import { leavePackagesOut } from "../remedies/leave-packages-out.ts";
import type { Rule } from "../rule.ts";

const kinds: readonly (readonly [what: string, packages: string])[] = [
  ["an editor", "vim vim-tiny vim-enhanced vim-minimal nano emacs emacs-nox neovim joe mc"],
  ["an SSH server", "openssh-server openssh dropbear dropbear-bin"],
  ["a way to become root", "sudo doas"],
  ["a debugger or tracer", "gdb gdbserver strace ltrace valgrind lldb perf linux-perf bpftrace"],
  [
    "a network tool",
    "netcat netcat-openbsd netcat-traditional nmap nmap-ncat ncat socat tcpdump telnet inetutils-telnet wireshark tshark hping3 ettercap net-tools iputils-ping dnsutils bind-tools bind-utils iproute2 traceroute ftp",
  ],
  ["a service of a whole machine", "cron cronie anacron rsyslog syslog-ng postfix exim4 sendmail systemd"],
  ["an operator's tool", "htop iotop lsof screen tmux man-db less procps tree"],
];
const byPackage = new Map(kinds.flatMap(([what, names]) => names.split(" ").map((name) => [name, what] as const)));

export const toolsShipped: Rule<"dockerfile"> = {
  id: "tools-shipped",
  subject: "dockerfile",
  aim: "security",
  severity: "info",
  summary: "Tools for people at a terminal are installed in the image that ships",
  why: `Editors, debuggers, network tools, SSH servers and sudo serve whoever breaks in better than the program, bring
advisories of their own and have to be updated. Look into a running container with \`docker debug\`, \`kubectl debug\` or a
second container in the same namespaces (\`docker run --pid container:x --network container:x\`), which brings its tools
along.`,
  aliases: ["CIS-DI-0003"],
  *check({ dockerfile, context }) {
    const runs = shippedInstructions(dockerfile, "RUN");
    const rest = usedWords(dockerfile.source.text);
    for (const run of runs) {
      for (const command of run.script.commands) {
        if (!installs(command)) continue;
        for (const word of command.args) {
          const name = word.value?.replace(/[=~<>].*$/, "") ?? "";
          const what = byPackage.get(name);
          if (what === undefined || removedIn(run.script.commands, command, name) || rest(name) > 1) continue;
          const unused = unusedPackages(dockerfile, context);
          const { fix } = unused.words.has(word) ? leavePackagesOut(dockerfile, unused) : {};
          yield {
            message: `${name} is ${what}, and the program does not need it to run`,
            at: inSource(dockerfile, word.range),
            ...(/^an SSH|^a way/.test(what) ? { severity: "low" } : {}),
            ...(fix ? { fix } : assistedFix(`Leave ${name} out, or install it in a stage for debugging only`)),
          };
        }
      }
    }
  },
  examples: [
    {
      title: "an editor and a server",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y «vim» «openssh-server» python3 \\\n    «netcat-openbsd=1.2»\n",
    },
    { title: "on Alpine", text: "FROM alpine:3.20\nRUN apk add --no-cache «sudo» git\n" },
    {
      title: "in a build stage, removed in the same RUN, or called",
      text: 'FROM debian:12 AS b\nRUN apt-get install -y vim\nFROM debian:12\nRUN apt-get install -y gdb && gdb -x y && apt-get purge -y gdb\nRUN apt-get install -y socat tree\nRUN tree /x\nCMD ["socat", "x"]\n',
    },
  ],
};

const verbs: Readonly<Record<string, string>> = {
  "apt-get": "install",
  apt: "install",
  apk: "add",
  dnf: "install",
  yum: "install",
  microdnf: "install",
  zypper: "install",
};

function installs(command: ShellCommand): boolean {
  const verb = Object.hasOwn(verbs, command.name) ? verbs[command.name] : undefined;
  return verb !== undefined && command.args.some(({ raw }) => raw === verb);
}

function removedIn(commands: readonly ShellCommand[], from: ShellCommand, name: string): boolean {
  return commands.some(
    (command) =>
      command !== from &&
      command.args.some(({ raw }) => /^(?:remove|purge|autoremove|del|erase)$/.test(raw)) &&
      command.args.some(({ value }) => value === name || value === "--auto-remove"),
  );
}

/** How often a name stands in the text as a word: once is the installation itself. */
function usedWords(text: string): (name: string) => number {
  return (name) => {
    let count = 0;
    for (let at = text.indexOf(name); at >= 0 && count < 2; at = text.indexOf(name, at + name.length)) {
      const before = text[at - 1] ?? " ";
      const after = text[at + name.length] ?? " ";
      if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) count++;
    }
    return count;
  };
}
