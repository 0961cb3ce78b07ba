import { type Dockerfile, instructionsOf, type ShellCommand, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { whereSaid } from "../reading/where-said.ts";
import type { Rule } from "../rule.ts";

export const tlsOff: Rule<"dockerfile"> = {
  id: "tls-off",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "The check of a server's certificate is turned off",
  why: `Without it anybody between the build and the server can send what he likes, and it ends up in the image. What is
usually missing is a certificate authority: install \`ca-certificates\`, or mount the company's own
(\`RUN --mount=type=secret,id=ca,target=/etc/ssl/…\`, \`--cacert\`, \`NODE_EXTRA_CA_CERTS\`, \`PIP_CERT\`). Set in ENV it holds for the
running program as well.`,
  check: whereSaid(
    /-k|--insecure|no-check-cert|no-verify|strict|ssl|SSL|TLS|HTTPS|trusted-host/,
    function* ({ dockerfile }) {
      for (const run of instructionsOf(dockerfile, "RUN"))
        for (const command of run.script.commands) {
          const word = offSwitch(command);
          if (word) yield problem(dockerfile, word);
          for (const assignment of [...command.assignments, ...(command.name === "export" ? command.args : [])])
            if (variable.test(assignment.value ?? "")) yield problem(dockerfile, assignment);
        }
      for (const env of instructionsOf(dockerfile, "ENV"))
        for (const { name, value } of env.pairs)
          if (value && variable.test(`${name.raw}=${value.value ?? ""}`)) yield problem(dockerfile, value);
    },
  ),
  examples: [
    {
      title: "downloads, package managers, git",
      text: "FROM debian:12\nRUN curl «-fsSLk» https://a/x -o x && wget «--no-check-certificate» https://a/y\nRUN git -c «http.sslVerify=false» clone https://a/b && npm config set strict-ssl «false» && pip install «--trusted-host=a» b\n",
    },
    {
      title: "for the program as well",
      text: "FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=«0»\nRUN «PYTHONHTTPSVERIFY=0» python x.py\n",
    },
    {
      title: "on, or other programs' options",
      text: "FROM debian:12\nENV NODE_TLS_REJECT_UNAUTHORIZED=1\nRUN curl --proto =https https://a/x -o x && make -k && npm config set strict-ssl true\n",
    },
  ],
};

const variable =
  /^(?:NODE_TLS_REJECT_UNAUTHORIZED=0|PYTHONHTTPSVERIFY=0|GIT_SSL_NO_VERIFY=(?:1|true)|NPM_CONFIG_STRICT_SSL=false|npm_config_strict_ssl=false)$/;

function problem(dockerfile: Dockerfile, word: Word) {
  return {
    message: "this takes any certificate for the server's",
    at: inSource(dockerfile, word.range),
    ...assistedFix("Leave it out, and add the authority that is missing"),
  };
}

/** The word of a command that turns the check off. */
function offSwitch({ name, args }: ShellCommand): Word | undefined {
  const find = (pattern: RegExp): Word | undefined => args.find(({ value }) => pattern.test(value ?? ""));
  switch (name) {
    case "curl":
      return find(/^(?:--insecure|-[a-zA-Z]*k[a-zA-Z]*)$/);
    case "wget":
      return find(/^--no-check-certificate$/);
    case "git":
      return find(/^http\.sslverify=(?:false|0)$/i) ?? after(args, /^http\.sslverify$/i, /^(?:false|0)$/);
    case "npm":
    case "yarn":
    case "pnpm":
      return find(/^--(?:no-strict-ssl|strict-ssl=false)$/) ?? after(args, /^strict-ssl$/, /^false$/);
    case "apk":
      return undefined;
    default:
      return /^pip[\d.]*$/.test(name) ? find(/^--trusted-host(?:=|$)/) : undefined;
  }
}

function after(args: readonly Word[], first: RegExp, second: RegExp): Word | undefined {
  const at = args.findIndex(({ value }) => first.test(value ?? ""));
  const next = at < 0 ? undefined : args[at + 1];
  return second.test(next?.value ?? "") ? next : undefined;
}
