import type { SourceRange } from "../../core/index.ts";
import { type Dockerfile, type InstructionOf, instructionsOf, mountsOf, shippedStages } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { findSecretShapes, isSecretName, loginInUrl } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

export const secretInRun: Rule<"dockerfile"> = {
  id: "secret-in-run",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "A command holds a credential, or is handed one from an ARG",
  why: `The text of every RUN, with the values of the ARGs it can see, is kept in the image's history, and CMD, ENTRYPOINT and
HEALTHCHECK in its configuration: anyone who can pull the image can read them. What a command writes (a password file, a
remote with a login in its URL) stays in the layer. Mount secrets for the time of one RUN with \`--mount=type=secret\`, keys
with \`--mount=type=ssh\`, and replace what has been published.`,
  *check({ dockerfile }) {
    const shipped = shippedStages(dockerfile);
    for (const keyword of ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"] as const) {
      for (const instruction of instructionsOf(dockerfile, keyword)) {
        const found = literals(dockerfile, instruction).concat(expanded(dockerfile, instruction));
        for (const { message, range, proven } of found)
          yield {
            message,
            at: inSource(dockerfile, range),
            severity: !shipped.has(instruction.stage) ? "medium" : proven ? "critical" : "high",
            ...assistedFix(
              keyword === "RUN"
                ? "Mount it for this RUN only: RUN --mount=type=secret,id=NAME,env=NAME"
                : "Read it from the environment or a file when the container starts",
            ),
          };
      }
    }
  },
  examples: [
    {
      title: "tokens, logins, headers and passwords",
      text: "FROM debian:12\nRUN git clone «https://me:hunter22@»git.example/x && \\\n    curl -H '«Authorization: Bearer abcdef123456»' https://a.example\nRUN npm config set //r.example/:_authToken=«npm_abcdefghijklmnopqrstuvwxyz0123456789»\nRUN «echo 'root:root'» | chpasswd\nCMD [\"run\", \"--key=«AKIAABCDEFGHIJKLMNOP»\"]\n",
    },
    {
      title: "a secret ARG handed to a command",
      text: 'FROM debian:12\nARG REPO_PASSWORD=x\nARG USER_NAME\nRUN install.sh --user "$USER_NAME" --password "«$REPO_PASSWORD»" && echo "//r/:_authToken=«${REPO_PASSWORD}»" > .npmrc\n',
    },
    {
      title: "passwords as options",
      text: "FROM debian:12\nRUN mysql -u root «--password=hunter22» -e x && curl «-u me:hunter22» https://a.example && useradd «-p secretword» app\n",
    },
    {
      title: "a build stage is not shipped, its history is not either; still the log has it",
      text: "FROM debian:12 AS build\nRUN «echo root:root» | chpasswd\nFROM scratch\nCOPY --from=build /a /a\n",
    },
    {
      title: "secrets from mounts, variables and without any",
      text: 'FROM debian:12\nRUN --mount=type=secret,id=t,env=TOKEN curl -H "Authorization: Bearer $TOKEN" https://a.example && git clone https://$U:$P@git.example/x\nARG TOKEN_FILE\nRUN cat $TOKEN_FILE && echo "app:$(cat /run/secrets/p)" | chpasswd && useradd -p \'\' -m app && curl -u me https://a.example\nRUN git clone ssh://git@host:22/x && cp -p a:b c && psql --password && mkdir -p my:dir\n',
    },
  ],
};

interface Found {
  readonly message: string;
  readonly range: SourceRange;
  readonly proven?: boolean;
}

type Commanding = InstructionOf<"RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK">;

const header =
  /\b(?:Authorization|Proxy-Authorization|X-Api-Key|X-Auth-Token|PRIVATE-TOKEN|JOB-TOKEN)\s?:\s?(?:(?:Bearer|Basic|token)\s{1,3})?[A-Za-z0-9+/=._~-]{8,}/gi;
const mayHoldHeader = /authoriz|x-a|token/i;
const logins = new RegExp(loginInUrl.source, "gi");
const marks = /[_:@-]/;

function literals(dockerfile: Dockerfile, instruction: Commanding): Found[] {
  const { start, end } = instruction.range;
  const text = dockerfile.source.text.slice(start, end);
  if (!marks.test(text)) return [];
  const found: Found[] = [];
  const add = (message: string, from: number, to: number, proven = false): void => {
    const range = { start: start + from, end: start + to };
    if (
      !found.some((one) => range.start < one.range.end && one.range.start < range.end) &&
      !inComment(dockerfile, range)
    )
      found.push({ message, range, proven });
  };
  for (const shape of findSecretShapes(text))
    add(`${shape.what} stands here for all to read`, shape.start, shape.end, true);
  if (text.includes("://") && text.includes("@"))
    for (const match of text.matchAll(logins))
      if (!isPlaceholder(match[1] ?? ""))
        add("a URL with a login and its password", match.index, match.index + match[0].length);
  if (mayHoldHeader.test(text))
    for (const match of text.matchAll(header))
      add("a header with a credential", match.index, match.index + match[0].length);
  for (const { message, range } of commandSecrets(instruction)) add(message, range.start - start, range.end - start);
  return found;
}

function inComment(dockerfile: Dockerfile, range: SourceRange): boolean {
  return dockerfile.comments.some((comment) => comment.range.start <= range.start && range.end <= comment.range.end);
}

function isPlaceholder(value: string): boolean {
  return /^(?:x-oauth-basic|x-access-token|password|pass|token|\*+|x+)$/i.test(value) || value.startsWith("$");
}

function commandSecrets({ script }: Commanding): readonly Found[] {
  const found: Found[] = [];
  const feeds = script.named("chpasswd");
  for (const command of feeds) {
    const previous = script.commands[script.commands.indexOf(command) - 1];
    if (command.joinedBy !== "|" || !previous || (previous.name !== "echo" && previous.name !== "printf")) continue;
    const literal = previous.args.some(
      (word) => word.value !== undefined && /^[^\s:$]{1,64}:[^$]/.test(word.value) && !word.raw.includes("$"),
    );
    if (literal)
      found.push({
        message: "a password that everyone who reads the Dockerfile or the image knows",
        range: previous.range,
      });
  }
  for (const command of script.commands) {
    const { args } = command;
    for (let i = 0; i < args.length; i++) {
      const word = args[i];
      if (!word || !mayName(word.raw)) continue;
      const text = word.value;
      if (text === undefined) continue;
      const long = /^--(?:[a-z]+-)?(?:password|passwd|token|secret|api-?key)(?:=(.*))?$/.exec(text);
      if (long) {
        const next = args[i + 1];
        const value =
          long[1] ??
          (literalOption.has(command.name) || next === undefined || next.raw.includes("$") ? undefined : next.value);
        if (value && !value.startsWith("-") && !isPlaceholder(value) && !value.startsWith("/") && !value.includes("$"))
          found.push({
            message: `${text.replace(/=.*/s, "")} is given in the open`,
            range: long[1] === undefined && next ? { start: word.range.start, end: next.range.end } : word.range,
          });
        continue;
      }
      const next = args[i + 1];
      if (!next?.value || next.raw.includes("$")) continue;
      if (
        command.name === "useradd" &&
        (text === "-p" || text === "--password") &&
        next.value.length > 1 &&
        !/^[!*]/.test(next.value)
      )
        found.push({
          message: "a password that everyone who reads the Dockerfile or the image knows",
          range: { start: word.range.start, end: next.range.end },
        });
      else if (command.name === "curl" && (text === "-u" || text === "--user") && /^[^:]{1,64}:[^:]/.test(next.value))
        found.push({ message: "a login and its password", range: { start: word.range.start, end: next.range.end } });
    }
  }
  return found;
}

/** Whether a word can be an option at all, before its quotes are taken off. */
function mayName(raw: string): boolean {
  const first = raw.charCodeAt(0);
  const dash = first === 0x2d || ((first === 0x22 || first === 0x27) && raw.charCodeAt(1) === 0x2d);
  return dash && !raw.includes("$");
}

/** Programs whose `--password` asks, and takes no value. */
const literalOption: ReadonlySet<string> = new Set(["psql", "pg_dump", "createdb", "createuser", "mysql", "mysqldump"]);

const expansion = /\$(?:([A-Za-z_]\w{0,100})|\{([A-Za-z_]\w{0,100})[^}]{0,200}\})/g;

/** Secret-named ARGs that the text of a RUN expands: their values are in the history, and the command may store them. */
function expanded(dockerfile: Dockerfile, instruction: Commanding): readonly Found[] {
  if (instruction.keyword !== "RUN") return [];
  const { start, end } = instruction.lineRange;
  const text = dockerfile.source.text.slice(start, end);
  if (!text.includes("$")) return [];
  const found: Found[] = [];
  for (const match of text.matchAll(expansion)) {
    const name = match[1] ?? match[2] ?? "";
    if (!isSecretName(name) || !argued(dockerfile, instruction, name)) continue;
    if (mountsOf(instruction).some(({ type, flag }) => type === "secret" && flag.value?.raw.includes(`env=${name}`)))
      continue;
    found.push({
      message: `the value of ${name} stays in the image's history`,
      range: { start: start + match.index, end: start + match.index + match[0].length },
    });
  }
  return found;
}

function argued(dockerfile: Dockerfile, at: Commanding, name: string): boolean {
  return instructionsOf(dockerfile, "ARG").some(
    (arg) =>
      arg.index < at.index &&
      arg.stage === at.stage &&
      arg.pairs.some((pair) => (pair.name.value ?? pair.name.raw) === name),
  );
}
