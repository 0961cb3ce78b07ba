import type { BuildContext, ContextFile, Edit } from "../../core/index.ts";
import { type CopyInstruction, type Dockerfile, instructionsOf, shippedStages, type Word } from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { isNamedInCommand } from "../reading/context.ts";
import { holdsSecret, isSecretPath, secretFilesIn } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

export const secretFileCopied: Rule<"dockerfile"> = {
  id: "secret-file-copied",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "A file that holds credentials is copied into the image",
  why: `Everyone who can pull the image can read every file of every layer, also one that a later instruction deletes. Keys,
\`.env\` files and tool logins come in by name or, more often, with a whole directory. Name them in \`.dockerignore\`, mount
those a build step needs with \`RUN --mount=type=secret\`, and hand the running program its secrets when it starts.
Replace what has been published.`,
  aliases: ["CIS-DI-0010"],
  *check({ dockerfile, context }) {
    const shipped = shippedStages(dockerfile);
    for (const keyword of ["COPY", "ADD"] as const) {
      for (const copy of instructionsOf(dockerfile, keyword)) {
        if (copy.flags.some(({ name }) => name === "from")) continue;
        for (const source of copy.sources) {
          const path = source.value;
          if (path === undefined || /^[a-z]+:\/\//i.test(path)) continue;
          const found = secretsOf(path, copy, context);
          const [first] = found;
          if (!first) continue;
          const proven = found.some(({ sure }) => sure);
          const inImage = shipped.has(copy.stage);
          yield {
            message: inImage
              ? `${list(found.map((one) => one.path))} ${found.length > 1 ? "come" : "comes"} into the image`
              : `${list(found.map((one) => one.path))} ${found.length > 1 ? "come" : "comes"} into the build cache`,
            at: inSource(dockerfile, source.range),
            severity: inImage ? (proven ? "critical" : "high") : "low",
            ...cure(dockerfile, source, found, context),
          };
        }
      }
    }
  },
  examples: [
    {
      title: "named outright",
      text: "FROM debian:12\nCOPY «.env» «id_rsa» /app/\nADD «config/service-account.json» /app/\n",
    },
    {
      title: "with the whole context",
      text: "FROM debian:12\nCOPY «.» /app\n",
      context: { ".env": "KEY=abc\n", "main.py": "", ".aws/credentials": "[default]\n", ".ssh/id_rsa": "x" },
      fixed: "FROM debian:12\nCOPY . /app\n",
      fixedFiles: { ".dockerignore": "**/.aws/credentials\n**/.env\n**/.ssh/id_rsa\n" },
    },
    {
      title: "with a directory",
      text: "FROM debian:12\nCOPY «deploy» /app\n",
      context: { "deploy/server.key": "-----BEGIN PRIVATE KEY-----\n", "other.key": "x" },
      fixed: "FROM debian:12\nCOPY deploy /app\n",
      fixedFiles: { ".dockerignore": "**/server.key\n" },
    },
    {
      title: "ignored, without credentials, or an example",
      text: "FROM debian:12\nCOPY . /app\nCOPY certs/ca.pem .env.example id_rsa.pub /x/\n",
      context: {
        ".dockerignore": "**/.env\n",
        ".env": "A=b",
        "sub/.env": "A=b",
        ".npmrc": "registry=https://r.example\n",
        "certs/ca.pem": "-----BEGIN CERTIFICATE-----\n",
        "certs/site.pem": "-----BEGIN CERTIFICATE-----\n",
        ".env.example": "A=",
        "id_rsa.pub": "ssh-rsa",
        "test/id_rsa": "x",
      },
    },
    {
      title: "a build stage",
      text: "FROM node:20 AS build\nCOPY «.npmrc» .\nFROM scratch\nCOPY --from=build /app/.env /app\n",
    },
    {
      title: "a directory without a context to look into, a template",
      text: "FROM debian:12\nCOPY . /app\nCOPY .env.sample /app/.env\n",
    },
  ],
};

interface Secret {
  readonly path: string;
  /** A credential is in its text. */
  readonly sure: boolean;
}

function secretsOf(path: string, copy: CopyInstruction, context: BuildContext | undefined): readonly Secret[] {
  if (!context) return isSecretPath(path) ? [{ path, sure: false }] : [];
  const excluded = copy.flags.filter(({ name }) => name === "exclude").map(({ value }) => value?.value ?? "");
  return secretFilesIn(context, path).flatMap((file: ContextFile) => {
    if (excluded.some((pattern) => pattern === file.path || file.path.endsWith(pattern.replace(/^\*\*?\/?/, "/"))))
      return [];
    const holds = holdsSecret(file.path, context.text(file.path));
    return holds === false ? [] : [{ path: file.path, sure: holds === "proven" }];
  });
}

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}

function cure(dockerfile: Dockerfile, source: Word, found: readonly Secret[], context: BuildContext | undefined) {
  const named = found.some(({ path }) => path === source.value?.replace(/^(?:\.?\/)+/, ""));
  const used = found.some(({ path }) => isNamedInCommand(dockerfile, path.split("/").pop() ?? path));
  if (named || used || !context)
    return assistedFix(
      "Mount it where a build step needs it (RUN --mount=type=secret), or at run time, and copy nothing",
    );
  const patterns = [...new Set(found.map(({ path }) => patternFor(path)))].sort((a, b) => (a < b ? -1 : 1));
  const text = context.ignoreFile?.text ?? "";
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lead = text === "" || text.endsWith("\n") ? "" : newline;
  const edit: Edit = {
    path: context.ignorePath,
    range: { start: text.length, end: text.length },
    text: lead + patterns.map((pattern) => pattern + newline).join(""),
  };
  return likelyFix("Leave them out with .dockerignore, if the program does not read them from its image", edit);
}

/** The file's name wherever it stands, with its directory where that tells what it is (`.aws/credentials`). */
function patternFor(path: string): string {
  const parts = path.split("/");
  const name = parts.at(-1) ?? path;
  const parent = parts.at(-2);
  return `**/${parent?.startsWith(".") ? `${parent}/` : ""}${name}`.replaceAll(/[*?[\]\\](?!\*?\/)/g, (sign) =>
    sign === "*" ? sign : `\\${sign}`,
  );
}
