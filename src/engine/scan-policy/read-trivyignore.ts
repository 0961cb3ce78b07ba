import type { SourceText } from "../../core/index.ts";
import type { IgnoreRule } from "./ignore-rule.ts";

/** Ids end with a number: CVE-2024-1, GHSA-…, DSA-1-1, ALAS2-2024-1. What else the file holds is for Trivy's other scanners. */
const vulnerability = /^[A-Za-z][A-Za-z0-9]*-(?:\S*\d|[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$)/;
const otherScanners =
  /^(?:AVD-.*|(?:DS|KSV|KCV|AWS|AZU|GCP|DIG|GIT|NIF|OPNSTK|ORCL|CIS-DI)-?\d{3,5}|(?:A?GPL|LGPL|Apache|BSD|MPL|EPL|CC|CDDL|OFL|Zlib)-\S*)$/i;

/**
 * Reads `.trivyignore`: an id a line, `#` begins a comment, and `exp:YYYY-MM-DD` is the last day it holds. What follows a `#` is
 * taken for the reason.
 */
export function readTrivyIgnore({ path, text }: SourceText): readonly IgnoreRule[] {
  return text.split(/\r?\n/).flatMap((line, index): IgnoreRule[] => {
    const hash = line.indexOf("#");
    const [id = "", ...rest] = (hash < 0 ? line : line.slice(0, hash)).trim().split(/\s+/);
    if (!vulnerability.test(id) || otherScanners.test(id)) return [];
    const until = rest.map((word) => /^exp:(\d{4}-\d{2}-\d{2})$/.exec(word)?.[1]).find((day) => day !== undefined);
    const why =
      hash < 0
        ? ""
        : line
            .slice(hash)
            .replace(/^#+\s*/, "")
            .trim();
    return [
      {
        by: `${path}:${index + 1}`,
        names: id,
        ids: [id.toUpperCase()],
        purls: [],
        paths: [],
        ...(until === undefined ? {} : { until }),
        ...(why === "" ? {} : { why }),
      },
    ];
  });
}
