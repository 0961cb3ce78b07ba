import type { SourceText } from "../../core/index.ts";
import { objectOf, objectsOf, textOf, textsOf } from "../json-value.ts";
import { dayOf, parsePurls } from "./ignore-fields.ts";
import type { IgnoreRule } from "./ignore-rule.ts";
import { readYaml } from "../read-yaml.ts";

/**
 * Reads `.trivyignore.yaml`: `vulnerabilities`, each with `id`, and as far as given `paths` (globs), `purls`, `expired_at` (the
 * last day it holds) and `statement` (the reason). What is there for other scanners is let be.
 * @throws PlimsollError config.invalid
 */
export async function readTrivyIgnoreYaml(source: SourceText): Promise<readonly IgnoreRule[]> {
  const root = objectOf(await readYaml(source));
  return objectsOf(root["vulnerabilities"]).flatMap((item, index): IgnoreRule[] => {
    const id = textOf(item["id"]);
    if (id === undefined) return [];
    const by = `${source.path}: vulnerabilities[${index}]`;
    const until = dayOf(item["expired_at"], `${by}.expired_at`);
    const why = textOf(item["statement"]);
    return [
      {
        by,
        names: id,
        ids: [id.toUpperCase()],
        purls: parsePurls(textsOf(item["purls"]), `${by}.purls`),
        paths: textsOf(item["paths"]),
        ...(until === undefined ? {} : { until }),
        ...(why === undefined ? {} : { why }),
      },
    ];
  });
}
