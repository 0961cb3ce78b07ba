import { inImage, sayPath } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { saySecret } from "../reading/image-secrets.ts";
import { findSecrets, findUrlLogins } from "../reading/secret-contents.ts";
import { isHarmlessValue, isSecretName } from "../reading/secrets.ts";
import type { Rule } from "../rule.ts";

/** Longer values are no secrets, and a hostile image may have many. */
const maximumLength = 20_000;

export const imageSecretInEnv: Rule<"image"> = {
  id: "image-secret-in-env",
  subject: "image",
  aim: "security",
  severity: "high",
  summary: "The environment that the image sets holds a secret",
  why: `What ENV sets is part of the image's configuration: whoever can pull the image reads it without unpacking
anything, and so does every process in the container. Take it out, replace what was published, and set it when the
container is started, from a secret store.`,
  measures: ["secret-in-env"],
  aliases: ["CIS-DI-0010", "DL3064", "SecretsUsedInArgOrEnv", "DS-0031"],
  *check({ image }) {
    for (const setting of image.config.env) {
      const equals = setting.indexOf("=");
      const name = setting.slice(0, Math.max(0, equals));
      const value = setting.slice(equals + 1, equals + 1 + maximumLength);
      const [shape] = [...findSecrets(value), ...findUrlLogins(value)];
      if (!shape && (!isSecretName(name) || isHarmlessValue(value) || /^\d{1,6}[smhd]?$/.test(value))) continue;
      yield {
        message: shape
          ? `the value of ${sayPath(name)} is ${saySecret(shape)}, kept in the image's configuration`
          : `${sayPath(name)} keeps a secret in the image's configuration`,
        at: inImage(image),
        ...(shape?.proof === "shape" || shape?.proof === "key" ? { severity: "critical" } : {}),
        ...assistedFix(
          `Take ${sayPath(name)} out of ENV, replace its value where it is used, and set it when the container is started`,
        ),
      };
    }
  },
  examples: [
    {
      title: "by the name, and by the value",
      layers: [{ x: "" }],
      config: { env: ["DB_PASSWORD=hunter22", "X=AKIAQ3RZ7TLM2VXKP5WD", "DATABASE=postgres://app:hk7Tq2Zx@db/app"] },
      reports: ["", "", ""],
    },
    {
      title: "names that only speak of secrets, and values that are none",
      layers: [{ x: "" }],
      config: {
        env: [
          "PATH=/usr/bin",
          "DB_PASSWORD_FILE=/run/secrets/db",
          "TOKEN_TTL=3600",
          "API_TOKEN=",
          "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
        ],
      },
      reports: [],
    },
  ],
};
