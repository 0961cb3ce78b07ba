import type { Problem } from "../../core/index.ts";
import { broughtBy, inImage, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { hiddenSecretsOf, saySecret, secretsOf, severityOf } from "../reading/image-secrets.ts";
import { mayHoldSecrets } from "../reading/secret-places.ts";
import type { FoundSecret } from "../reading/secret-contents.ts";
import type { Rule } from "../rule.ts";

export const imageSecretInFile: Rule<"image"> = {
  id: "image-secret-in-file",
  subject: "image",
  aim: "security",
  severity: "critical",
  summary: "A file of the image holds a secret",
  why: `Whoever can pull an image has all its files, of every layer. A private key, a token or a password in one of
them is no secret any more, also where a later layer deletes the file: replace it where it is used, then build without it. A build gets its secrets with \`RUN
--mount=type=secret\`, which leaves nothing behind; a program gets them when it is started. Secrets are told by shapes
that nothing else has, or by the words around values as random as a secret is; examples, placeholders, public keys and
what packages publish are left out. No report shows more than the first four characters.`,
  aliases: ["CIS-DI-0010"],
  wants: mayHoldSecrets,
  *check(subject) {
    const { image, files } = subject;
    const fix = assistedFix(
      "Replace the secret where it is used; give the new one with RUN --mount=type=secret, or at start",
    );
    for (const [path, secrets] of secretsOf(subject)) {
      const layer = files.get(path)?.layer ?? 0;
      const problem = say(path, secrets);
      if (problem)
        yield {
          ...problem,
          at: inImage(image, layer, path),
          ...broughtBy(image, [[layer, "brings the file"]]),
          ...fix,
        };
    }
    for (const { file, secrets } of hiddenSecretsOf(subject)) {
      const { path, layer, by, cause } = file;
      const problem = say(path, secrets);
      const does = cause === "deleted" || cause === "hidden" ? "deletes" : "overwrites";
      if (problem)
        yield {
          ...problem,
          message: `${problem.message}; layer ${by + 1} ${does} it, and it is in layer ${layer + 1} all the same`,
          at: inImage(image, layer, path),
          ...broughtBy(image, [
            [layer, "brings the file"],
            [by, `${does} it, which takes nothing out of the image`],
          ]),
          ...fix,
        };
    }
  },
  examples: [
    {
      title: "a token, a login, a password among settings",
      layers: [
        {
          "app/config.js": 'const t = "ghp_Zq8vX2mK4pL9wR7tY3uB6nC1dF5gH0jS2aQe";\n',
          "app/settings.yml": "db:\n  url: postgres://app:hk7Tq2Zx@db/app\n",
          "srv/app.env": "DB_PASSWORD=q7Zt2mKx9Lw\n",
          "root/.npmrc": "//registry.example.com/:_authToken=8f3c2e71-94ab-4c1d-b02e-7d65a19c40ef\n",
        },
      ],
      reports: ["app/config.js", "app/settings.yml", "root/.npmrc", "srv/app.env"],
    },
    {
      title: "deleted and overwritten by later layers; what is still there is told of there alone",
      layers: [
        {
          "root/.npmrc": "//registry.example.com/:_authToken=8f3c2e71-94ab-4c1d-b02e-7d65a19c40ef\n",
          "srv/app.env": "DB_PASSWORD=q7Zt2mKx9Lw\nMODE=test\n",
          "srv/old.env": "DB_PASSWORD=Wm4xRt81qLz\n",
          "tmp/keys/": "",
          "tmp/keys/deploy.key":
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA2n5Xk9pQ7vR3tYw8zL1cF4gH6jK0mN2bV5xS8dA3qW9eT7uI\nyO1pL6kJ4hG2fD0sA8zX5cV3bN1mQ7wE9rT6yU4iO2pA0sD8fG5hJ3kL1zX7cV9b\n",
        },
        { "root/.npmrc": null, "tmp/keys": null, "srv/old.env": "MODE=prod\n" },
        { "srv/app.env": "DB_PASSWORD=q7Zt2mKx9Lw\nMODE=prod\n" },
      ],
      reports: ["root/.npmrc", "srv/app.env", "srv/old.env", "tmp/keys/deploy.key"],
    },
    {
      title: "private keys, one of them behind a passphrase",
      layers: [
        {
          "root/.ssh/id_rsa":
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA2n5Xk9pQ7vR3tYw8zL1cF4gH6jK0mN2bV5xS8dA3qW9eT7uI\nyO1pL6kJ4hG2fD0sA8zX5cV3bN1mQ7wE9rT6yU4iO2pA0sD8fG5hJ3kL1zX7cV9b\n",
          "etc/app/tls.key":
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI3kYq7vL9xWmT2pZa\n",
          "app/google.json":
            '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7q3Xz9LkP2vRt\\n"}',
        },
      ],
      reports: ["app/google.json", "etc/app/tls.key", "root/.ssh/id_rsa"],
    },
    {
      title: "examples, placeholders, public halves and what packages publish",
      layers: [
        {
          "app/README.md":
            "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nSECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
          "app/.env.example":
            "DB_PASSWORD=changeme\nURL=postgres://user:password@localhost/x\nAPI_KEY=your-api-key-1\n",
          "app/config.yml": "password: ${DB_PASSWORD}\nsecret: /run/secrets/x1\ntoken_url: https://a.example/t0ken\n",
          "app/jwt.md":
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
          "etc/ssl/cert.pem": "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n",
          "app/key.txt": "-----BEGIN PRIVATE KEY-----\n...\n",
          "usr/lib/python3/test/keycert.pem":
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7q3Xz9LkP2vRt\n",
        },
      ],
      reports: [],
    },
  ],
};

/** Keys that packages make for want of a better one; what they sign is trusted by nobody. */
const selfMade = /^etc\/ssl\/private\/ssl-cert-snakeoil\.key$/;

function say(path: string, secrets: readonly FoundSecret[]): Pick<Problem, "message" | "severity"> | undefined {
  const [worst] = [...secrets].sort((a, b) => rank(a.proof) - rank(b.proof));
  if (!worst) return undefined;
  const more = secrets.length > 1 ? `, and ${secrets.length - 1} more` : "";
  return {
    message: `line ${worst.line} of /${sayPath(path)} holds ${saySecret(worst)}${more}`,
    severity: selfMade.test(path) ? "medium" : severityOf(worst),
  };
}

const order = ["key", "shape", "context", "locked"] as const;

function rank(proof: (typeof order)[number]): number {
  return order.indexOf(proof);
}
