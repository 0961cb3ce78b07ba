import { broughtBy, inImage, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { historyOf, type PastInstruction } from "../reading/image-history.ts";
import { saySecret } from "../reading/image-secrets.ts";
import { findSecrets, findUrlLogins, type FoundSecret } from "../reading/secret-contents.ts";
import { isHarmlessValue, isSecretName } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

export const imageSecretInHistory: Rule<"image"> = {
  id: "image-secret-in-history",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "The history of the image tells a secret",
  why: `The image's configuration keeps the text of every instruction, and with each RUN the values of the build
arguments before it. \`docker history --no-trunc\` shows them to whoever can pull the image, also those that no file
and no variable holds any more. Replace what was published, and give a build its secrets with \`RUN
--mount=type=secret\`: those are kept nowhere.`,
  measures: ["secret-in-env", "secret-in-run"],
  aliases: ["CIS-DI-0010", "SecretsUsedInArgOrEnv"],
  *check({ image }) {
    const set = new Set(image.config.env);
    const told = new Set<string>();
    for (const past of historyOf(image)) {
      const { text, layer } = past;
      const keyword = /^[A-Z]{2,11}\b/.exec(text)?.[0] ?? "an instruction";
      for (const { what, severity } of secretsIn(past, set)) {
        // Each RUN repeats the arguments before it: once is enough.
        if (told.has(what)) continue;
        told.add(what);
        yield {
          message: `the history tells ${what} (with ${keyword})`,
          at: inImage(image, layer),
          severity,
          ...(layer === undefined ? {} : broughtBy(image, [[layer, "is where it stands"]])),
          ...assistedFix("Replace the secret where it is used; give the new one with RUN --mount=type=secret"),
        };
      }
    }
  },
  examples: [
    {
      title: "a build argument, once though every RUN repeats it, and a token in a command",
      layers: [{ a: "" }, { b: "" }],
      config: {
        history: [
          { createdBy: "|1 DEPLOY_PASSWORD=hunter22 /bin/sh -c make", emptyLayer: false },
          {
            createdBy:
              "RUN |1 DEPLOY_PASSWORD=hunter22 /bin/sh -c curl -H 'token: ghp_Zq8vX2mK4pL9wR7tY3uB6nC1dF5gH0jS2aQe' x # buildkit",
            emptyLayer: false,
          },
          { createdBy: "ENV API_SECRET=gone-since", emptyLayer: true },
        ],
      },
      reports: ["", "", ""],
    },
    {
      title: "arguments that are no secrets, and a variable that image-secret-in-env tells of",
      layers: [{ a: "" }],
      config: {
        env: ["API_SECRET=abc12345"],
        history: [
          { createdBy: "RUN |2 VERSION=1.2 TOKEN_FILE=/run/secrets/x /bin/sh -c make # buildkit", emptyLayer: false },
          { createdBy: "ENV API_SECRET=abc12345", emptyLayer: true },
          { createdBy: "RUN /bin/sh -c curl --user $USER:$PASSWORD https://a.example # buildkit", emptyLayer: false },
        ],
      },
      reports: [],
    },
  ],
};

function* secretsIn(
  { text, args }: PastInstruction,
  set: ReadonlySet<string>,
): Iterable<{ readonly what: string; readonly severity: "critical" | "high" }> {
  const pairs = [...args];
  const pair = /^(?:ENV|ARG)\s+([A-Za-z_]\w*)[= ](.{0,2000})$/s.exec(text);
  if (pair?.[1] !== undefined && !set.has(`${pair[1]}=${pair[2] ?? ""}`))
    pairs.push({ name: pair[1], value: pair[2] ?? "" });
  for (const { name, value } of pairs)
    if (isSecretName(name) && !isHarmlessValue(value) && findSecrets(value).length === 0)
      yield { what: `the value of ${sayPath(name)}`, severity: "high" };
  if (pair && pairs.length === args.length) return;
  const everything = `${args.map(({ value }) => value).join("\n")}\n${text}`;
  for (const secret of [...findSecrets(everything), ...findUrlLogins(everything)])
    yield { what: saySecret(secret), severity: isProven(secret) ? "critical" : "high" };
}

function isProven({ proof }: FoundSecret): boolean {
  return proof === "shape" || proof === "key";
}
