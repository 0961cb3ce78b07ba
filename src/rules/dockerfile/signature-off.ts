import { instructionsOf, type ShellCommand, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const signatureOff: Rule<"dockerfile"> = {
  id: "signature-off",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "Packages are installed without their signatures being checked",
  why: `The signature is what ties a package to who made it; mirrors, proxies and networks in between need then not be
trusted. Without it whoever controls one of them controls the image. Add the repository's key instead (for apt a file in
\`/etc/apt/keyrings\` named by \`signed-by=\`; \`apt-key add\` trusts a key for every repository, and is gone from Debian 13).`,
  aliases: ["CIS-DI-0011"],
  check: whereSaid(
    /unauthenticated|AllowUnauth|AllowInsecure|trusted=yes|nogpgcheck|no-gpg|untrusted|apt-key|gpgcheck=0/,
    function* ({ dockerfile }) {
      for (const run of instructionsOf(dockerfile, "RUN"))
        for (const command of run.script.commands)
          for (const { word, message, advice } of unsigned(command))
            yield { message, at: inSource(dockerfile, word.range), ...assistedFix(advice) };
    },
  ),
  examples: [
    {
      title: "apt",
      text: 'FROM debian:12\nRUN apt-get install -y «--allow-unauthenticated» x && echo «"deb [trusted=yes] http://a b c"» > /etc/apt/sources.list\nRUN curl https://a/key | «apt-key» add -\n',
    },
    {
      title: "the others",
      text: "FROM fedora:42\nRUN dnf install -y «--nogpgcheck» x\nRUN apk add «--allow-untrusted» x.apk\nRUN zypper «--no-gpg-checks» install y\n",
    },
    {
      title: "checked",
      text: "FROM debian:12\nRUN echo 'deb [signed-by=/etc/apt/keyrings/a.gpg] https://a b c' > /etc/apt/sources.list.d/a.list && apt-get install -y x\n",
    },
  ],
};

const options: Readonly<Record<string, RegExp>> = {
  "apt-get":
    /^(?:--allow-unauthenticated|--force-yes|(?:-o)?(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)=(?:true|1|yes))$/i,
  apt: /^(?:--allow-unauthenticated|--force-yes)$/,
  dnf: /^(?:--nogpgcheck|--no-gpgchecks|--setopt=gpgcheck=(?:0|false))$/,
  microdnf: /^(?:--nogpgcheck|--setopt=gpgcheck=(?:0|false))$/,
  yum: /^(?:--nogpgcheck|--setopt=gpgcheck=(?:0|false))$/,
  zypper: /^--no-gpg-checks$/,
  apk: /^--allow-untrusted$/,
};

function* unsigned(command: ShellCommand): Generator<{ word: Word; message: string; advice: string }> {
  const option = Object.hasOwn(options, command.name) ? options[command.name] : undefined;
  for (const word of command.args) {
    const text = word.value ?? word.raw;
    if (option?.test(text))
      yield { word, message: "this takes packages that nobody has signed", advice: "Add the key that signs them" };
    else if (/\[[^\]]{0,200}trusted=yes/.test(text) || /(?:^|\n)\s*(?:repo_)?gpgcheck=0/.test(text))
      yield {
        word,
        message: "no signature of this repository is checked",
        advice: "Name the key it is signed by: signed-by=, gpgkey=",
      };
  }
  if (command.name === "apt-key" && command.args.some(({ value }) => value === "add" || value === "adv"))
    yield {
      word: command.nameWord,
      message: "this trusts the key for every repository, and does not exist any more in Debian 13",
      advice: "Store it in /etc/apt/keyrings and name it with signed-by=",
    };
}
