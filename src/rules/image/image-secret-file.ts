import { broughtBy, inImage, isBaseLayer, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { textIn, textOf } from "../reading/contents.ts";
import { hiddenSecretsOf, secretsOf } from "../reading/image-secrets.ts";
import { isCredentialsFile } from "../reading/secret-places.ts";
import { holdsSecret } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

const publicContents = /-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|PGP PUBLIC|PGP SIGNATURE)/;
/** Formats whose contents are no text: nobody can say from outside what is in them. */
const container = /\.(?:p12|pfx|jks|keystore|kdbx)$/i;

export const imageSecretFile: Rule<"image"> = {
  id: "image-secret-file",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "A file that by its name holds credentials is in the image",
  why: `\`.env\`, \`.netrc\`, \`.git-credentials\`, \`id_rsa\`, \`kubeconfig\`, key stores: files of such names hold
what only their owner should have, and whoever can pull the image has them. A file that a later layer deletes is in
the image all the same. Keep them out with \`.dockerignore\`, give them to a build step with \`RUN
--mount=type=secret\`, and mount them when the container is started. Where the contents were read and show a secret,
\`image-secret-in-file\` says which; where they show none, this rule is silent.`,
  aliases: ["CIS-DI-0010"],
  wants: isCredentialsFile,
  *check(subject) {
    const { image, files, contents, hidden } = subject;
    const told = secretsOf(subject);
    for (const { path, entry, layer } of files.all()) {
      if (entry.type !== "file" || entry.size === 0 || isBaseLayer(image, layer) || !isCredentialsFile(path)) continue;
      if (told.has(path)) continue;
      const text = textOf(contents, path);
      if (text === undefined ? !container.test(path) && entry.size > 1 << 20 : publicContents.test(text)) continue;
      if (!holdsSecret(path, text)) continue;
      yield {
        message: `/${sayPath(path)} is by its name a file of credentials`,
        at: inImage(image, layer, path),
        ...broughtBy(image, [[layer, "brings it"]]),
        ...assistedFix(
          "Add it to .dockerignore; give it to a build step with RUN --mount=type=secret, or mount it at start",
        ),
      };
    }
    const said = new Set(hiddenSecretsOf(subject).map(({ file }) => file.path));
    for (const file of hidden.all) {
      const { path, entry, layer, by } = file;
      if (entry.size === 0 || isBaseLayer(image, layer) || files.get(path) || !isCredentialsFile(path)) continue;
      if (said.has(path)) continue;
      const text = textIn(hidden.open(file));
      if (text !== undefined && (publicContents.test(text) || !holdsSecret(path, text))) continue;
      said.add(path);
      yield {
        message: `/${sayPath(path)} is by its name a file of credentials; a later layer hides it, and it is in the image all the same`,
        at: inImage(image, layer, path),
        ...broughtBy(image, [
          [layer, "brings it"],
          [by, "hides it"],
        ]),
        ...assistedFix("Replace what it holds; give it to the step that needs it with RUN --mount=type=secret"),
      };
    }
  },
  examples: [
    {
      title: "a key store, and settings nobody can judge",
      layers: [{ "app/server.jks": 4000, "app/.env": "MODE=prod\n" }],
      reports: ["app/.env", "app/server.jks"],
    },
    {
      title: "deleted by a later layer",
      layers: [{ "root/.netrc": "machine x login a password b\n" }, { "root/.netrc": null }],
      reports: ["root/.netrc"],
    },
    {
      title: "public halves, settings without credentials, the base's, and what packages publish",
      layers: [
        { "etc/app/base.key": "x" },
        {
          "etc/app/site.pem": "-----BEGIN CERTIFICATE-----\nMIIE\n",
          "root/.npmrc": "registry=https://registry.example.com/\n",
          "root/.ssh/id_rsa.pub": "ssh-rsa AAAA",
          "app/.env.example": "TOKEN=x",
          "usr/share/doc/x/server.key": "x",
        },
      ],
      base: 1,
      reports: [],
    },
  ],
};
