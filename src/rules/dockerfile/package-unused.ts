import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, remembered, type RunInstruction, shippedInstructions } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { contextCopies } from "../reading/context.ts";
import { installs, managerCalls, packageName } from "../reading/package-managers.ts";
import type { Rule } from "../rule.ts";

/** Package → words by which anything that uses it would name it. Packages that others use in silence are not among them. */
const users: Readonly<Record<string, string>> = {
  curl: "curl",
  wget: "wget",
  gnupg: "gpg gpgv gpg2 apt-key dirmngr",
  gnupg2: "gpg gpgv gpg2 apt-key dirmngr",
  unzip: "unzip zipinfo",
  zip: "zip",
  jq: "jq",
  rsync: "rsync",
  git: "git go npm yarn pnpm pip pip3 poetry uv composer bundle cargo pre-commit",
  "python3-pip": "pip pip3",
  "py3-pip": "pip pip3",
  "postgresql-client": "psql pg_dump pg_dumpall pg_restore pg_isready createdb dropdb vacuumdb",
  "default-mysql-client": "mysql mysqldump mysqladmin mariadb",
  "mysql-client": "mysql mysqldump mysqladmin mariadb",
  "mariadb-client": "mysql mysqldump mysqladmin mariadb mariadb-dump mariadb-admin",
  "redis-tools": "redis-cli redis-benchmark",
  "lsb-release": "lsb_release",
  "software-properties-common": "add-apt-repository",
};

export const packageUnused: Rule<"dockerfile"> = {
  id: "package-unused",
  subject: "dockerfile",
  aim: "size",
  severity: "low",
  summary: "A package is installed and nothing that can be read here calls it",
  why: `Every package ships, is scanned, and has to be updated. Tools for the build (\`curl\`, \`wget\`, \`gnupg\`, \`unzip\`) are
often carried from one Dockerfile to the next. The rule looks for the names of a package's programs in the whole Dockerfile
and in the scripts, sources and settings of the build context, and speaks only where none stands anywhere. What an archive,
another stage or the base brings along cannot be read: where such things take part it says so by a lower severity.`,
  aliases: ["CIS-DI-0003"],
  *check({ dockerfile, context }) {
    const copies = contextCopies(dockerfile).length > 0;
    const wanted = shippedInstructions(dockerfile, "RUN").flatMap((run) =>
      installs(run).flatMap((call) =>
        call.packages
          .map((word) => ({ run, word, name: packageName(word) }))
          .filter(({ name }) => Object.hasOwn(users, name)),
      ),
    );
    if (wanted.length === 0 || (copies && !context?.complete)) return;
    const texts = copies && context ? readable(context) : [];
    if (!texts) return;
    const hidden = bringsUnread(dockerfile);
    const called = new Map<string, boolean>();
    for (const { run, word, name } of wanted) {
      let isCalled = called.get(name);
      if (isCalled === undefined) {
        const program = new RegExp(`(?<![\\w.-])(?:${(users[name] ?? "").replaceAll(" ", "|")})(?![\\w-])`);
        isCalled = program.test(withoutInstalls(dockerfile).text) || texts.some((text) => program.test(text));
        called.set(name, isCalled);
      }
      if (isCalled) continue;
      if (managerCalls(run).some((call) => call.does === "remove")) continue;
      yield {
        message: `nothing that can be read here calls ${name}`,
        at: inSource(dockerfile, word.range),
        ...(hidden ? { severity: "info" as const } : {}),
        ...assistedFix(`Leave ${name} out, if nothing calls it by a way that cannot be read`),
      };
    }
  },
  examples: [
    {
      title: "carried along",
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y «curl» python3 «gnupg=2.2»\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n',
      context: { "app.py": "print('curly')\n" },
    },
    {
      title: "called in a step, a script of the context, or the health check",
      text: 'FROM alpine:3.20\nRUN apk add --no-cache curl jq wget unzip\nRUN unzip -v\nCOPY run.sh /run.sh\nHEALTHCHECK CMD wget -q http://127.0.0.1/\nCMD ["/run.sh"]\n',
      context: { "run.sh": "#!/bin/sh\ncurl -s http://a/ | jq .\n" },
    },
    {
      title: "without the context nobody knows what its scripts call",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\n",
    },
    {
      title: "removed in the same RUN, or in a build stage",
      text: "FROM debian:12 AS build\nRUN apt-get install -y wget\nFROM debian:12\nRUN apt-get install -y unzip && /x/setup && apt-get purge -y unzip\n",
    },
  ],
};

const maximumFiles = 500;
const maximumCharacters = 8 << 20;
const mayCall =
  /(?:^|\/)(?:[^./]+|\.?[\w-]*(?:rc|profile))$|\.(?:sh|bash|zsh|py|rb|pl|php|[cm]?[jt]sx?|go|rs|java|lua|ya?ml|toml|json|cfg|conf|ini|service|mk|env|txt)$/i;

/** What might call programs among the files that are sent; undefined when there is too much of it to be read here. */
function readable(context: BuildContext): readonly string[] | undefined {
  const files = context.files.filter(
    ({ path, type, ignored }) =>
      !ignored && type === "file" && mayCall.test(path) && !/(?:^|\/)(?:\.git|node_modules|\.venv|venv)\//.test(path),
  );
  const dockerfiles = /(?:^|\/)(?:Dockerfile|Containerfile)[^/]*$|\.dockerfile$/i;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > maximumFiles || total > maximumCharacters) return undefined;
  return files.filter(({ path }) => !dockerfiles.test(path)).flatMap(({ path }) => context.text(path) ?? []);
}

/** The Dockerfile without the words of its installations. */
const withoutInstalls = remembered((dockerfile: Dockerfile) => {
  const { text } = dockerfile.source;
  let rest = "";
  let at = 0;
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "RUN") continue;
    for (const { command } of managerCalls(instruction)) {
      if (command.range.start < at) continue;
      rest += text.slice(at, command.range.start);
      at = command.range.end;
    }
  }
  return { text: rest + text.slice(at) };
});

/** Whether programs take part that are in an archive or come from elsewhere. */
function bringsUnread(dockerfile: Dockerfile): boolean {
  const fromElsewhere = (["COPY", "ADD"] as const).some((keyword) =>
    shippedInstructions(dockerfile, keyword).some(
      ({ flags, sources }) =>
        flags.some(({ name }) => name === "from") ||
        sources.some(({ value }) => value === undefined || /:\/\/|\.(?:tar|t[gbx]z|zip|gz|xz|bz2)\b/.test(value)),
    ),
  );
  return fromElsewhere || shippedInstructions(dockerfile, "RUN").some(unpacks);
}

function unpacks({ script }: RunInstruction): boolean {
  return ["tar", "unzip", "curl", "wget"].some((name) => script.named(name).length > 0);
}
