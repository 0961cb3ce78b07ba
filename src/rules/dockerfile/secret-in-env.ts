import { instructionsOf, shippedStages } from "../../syntax/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { findSecretShapes, isHarmlessValue, isSecretName, loginInUrl } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

export const secretInEnv: Rule<"dockerfile"> = {
  id: "secret-in-env",
  subject: "dockerfile",
  aim: "security",
  severity: "high",
  summary: "A secret is given as ENV or ARG",
  why: `ENV is part of the image's configuration: whoever can pull the image reads it with \`docker inspect\`, and so does every
process in the container. The value of an ARG is written into the history of each RUN that follows, and into the build's
provenance. Give the build its secrets with \`RUN --mount=type=secret\`, which leaves nothing behind, and the running
program its secrets when it is started. A value that has been published must be replaced.`,
  aliases: ["DL3064", "SecretsUsedInArgOrEnv", "CIS-DI-0010", "DS-0031"],
  *check({ dockerfile }) {
    const shipped = shippedStages(dockerfile);
    for (const keyword of ["ENV", "ARG"] as const) {
      for (const instruction of instructionsOf(dockerfile, keyword)) {
        for (const pair of instruction.pairs) {
          const name = pair.name.value ?? pair.name.raw;
          const value = pair.value?.value;
          const shape =
            value === undefined
              ? undefined
              : (findSecretShapes(value)[0]?.what ?? (loginInUrl.test(value) ? "a login" : undefined));
          const named = isSecretName(name);
          if (!shape && !named) continue;
          if (!shape && pair.value && (value === undefined ? keyword === "ARG" : isHarmlessValue(value))) continue;
          if (!shape && value !== undefined && /^\d{1,6}[smhd]?$/.test(value) && !/(?:PASS\w*|PIN|SECRET)$/i.test(name))
            continue;
          const inImage = shipped.has(instruction.stage) || (keyword === "ARG" && instruction.stage < 0);
          const stored = keyword === "ENV" ? "the image's configuration" : "the build's history";
          const severity = !inImage
            ? "low"
            : shape && shape !== "a login"
              ? "critical"
              : value === undefined
                ? "medium"
                : "high";
          yield {
            message: shape
              ? `the value of ${name} has the form of ${shape} and is kept in ${stored}`
              : value === undefined
                ? `the value given to ${name} is kept in ${stored}`
                : `${name} keeps a secret in ${stored}`,
            at: inSource(dockerfile, pair.name.range),
            severity,
            ...assistedFix(
              keyword === "ARG"
                ? `Give it to the steps that need it: RUN --mount=type=secret,id=${idOf(name)},env=${name}`
                : `Drop it here and set ${name} when the container is started, from a secret store`,
            ),
          };
        }
      }
    }
  },
  examples: [
    {
      title: "names and values",
      text: "FROM python:3.12-slim\nARG «DEPLOY_TOKEN»=abc\nENV «DB_PASSWORD»=s3cret «SESSION_SECRET»='x y'\nENV «API_TOKEN» abc\nENV JAVA_OPTS=-Xmx1g \\\n    «KEYSTORE_PASSWORD»=changeit\nARG «NPM_TOKEN»\n",
    },
    {
      title: "a value whose form gives it away, in a variable of any name",
      text: "FROM debian:12\nENV «X»=AKIAABCDEFGHIJKLMNOP «DATABASE»=postgres://app:hunter22@db/app\n",
    },
    {
      title: "a build stage lends files only",
      text: "FROM debian:12 AS build\nARG «GITHUB_TOKEN»\nFROM scratch\nCOPY --from=build /app /app\n",
    },
    {
      title: "names that only speak of secrets, and values that are none",
      text: 'FROM debian:12\nENV DB_PASSWORD_FILE=/run/secrets/db TOKEN_TTL=3600 PWD=/x PASSWORD_MIN_LENGTH=8 AUTH_TOKEN_URL=https://a.example/t\nENV GPG_KEY=ABCDEF PUBLIC_KEY=abc NODE_VERSION=20 AWS_ACCESS_KEY_ID=x SECRETS_DIR=/run TOKENIZERS_PARALLELISM=false\nENV API_TOKEN="" JWT_SECRET=/run/secrets/jwt MYSQL_ALLOW_EMPTY_PASSWORD=yes PASSENGER_APP_ENV=x COMPASS=y\nARG KEY PATH_KEY KEYBOARD\n',
    },
  ],
};

function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .slice(0, 60);
}
