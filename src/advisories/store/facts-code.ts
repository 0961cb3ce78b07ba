import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { itemsIn, listIn, parts, textIn, wholeIn } from "./json-value.ts";
import { readSeverity, severityParts } from "./severity-code.ts";

/** Severities, since when it is exploited and whether by ransomware, EPSS in hundred-thousandths. */
export function factsParts({ severities, exploited, epss }: VulnerabilityFacts): readonly unknown[] {
  return parts(
    severities.map(severityParts),
    exploited && parts(exploited.since, exploited.byRansomware ? 1 : 0),
    epss && [Math.round(epss.probability * 100_000), Math.round(epss.percentile * 100_000)],
  );
}

export function readFacts(value: unknown): VulnerabilityFacts {
  const [severities, exploited = 0, epss = 0] = listIn(value);
  const [since, ransomware] = exploited === 0 ? [] : listIn(exploited);
  const [probability, percentile] = epss === 0 ? [] : listIn(epss);
  return {
    severities: itemsIn(severities, readSeverity),
    ...(exploited === 0 ? {} : { exploited: { since: textIn(since), byRansomware: ransomware === 1 } }),
    ...(epss === 0
      ? {}
      : { epss: { probability: wholeIn(probability) / 100_000, percentile: wholeIn(percentile) / 100_000 } }),
  };
}
