import type { VulnerabilityFacts } from "../vulnerability-facts.ts";
import { readList, writeList } from "./advisory-code.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { readSeverity, writeSeverity } from "./severity-code.ts";

export function writeFacts(writer: ByteWriter, facts: VulnerabilityFacts): void {
  writer.byte((facts.exploited ? 1 : 0) | (facts.exploited?.byRansomware ? 2 : 0) | (facts.epss ? 4 : 0));
  if (facts.exploited) writer.text(facts.exploited.since);
  if (facts.epss) {
    writer.number(Math.round(facts.epss.probability * 100_000));
    writer.number(Math.round(facts.epss.percentile * 100_000));
  }
  writeList(writer, facts.severities, writeSeverity);
}

export function readFacts(reader: ByteReader): VulnerabilityFacts {
  const flags = reader.byte();
  const since = flags & 1 ? reader.text() : undefined;
  const probability = flags & 4 ? reader.number() / 100_000 : undefined;
  const percentile = flags & 4 ? reader.number() / 100_000 : undefined;
  return {
    severities: readList(reader, readSeverity),
    ...(since === undefined ? {} : { exploited: { since, byRansomware: (flags & 2) !== 0 } }),
    ...(probability === undefined || percentile === undefined ? {} : { epss: { probability, percentile } }),
  };
}
