import { severities } from "../../core/index.ts";
import type { StatedSeverity } from "../advisory.ts";
import { type ByteReader, type ByteWriter, damaged } from "./bytes.ts";

/** Sources that are stated often, by their place in this list; others are written out. Append only: the index is stored. */
const sources = [
  "nvd",
  "ghsa",
  "redhat",
  "debian",
  "ubuntu",
  "pypa",
  "rustsec",
  "rubysec",
  "nodejs-security-wg",
  "go",
  "osv",
  "alpine",
  "wolfi",
];
const written = 31;

export function writeSeverity(writer: ByteWriter, stated: StatedSeverity): void {
  const index = sources.indexOf(stated.source);
  writer.byte(
    (index < 0 ? written : index) |
      (stated.severity === undefined ? 0 : 32) |
      (stated.vector === undefined ? 0 : 64) |
      (stated.score === undefined ? 0 : 128),
  );
  if (index < 0) writer.text(stated.source);
  if (stated.severity !== undefined) writer.byte(severities.indexOf(stated.severity));
  if (stated.vector !== undefined) writer.text(stated.vector);
  if (stated.score !== undefined) writer.number(Math.round(stated.score * 10));
}

export function readSeverity(reader: ByteReader): StatedSeverity {
  const flags = reader.byte();
  const index = flags & 31;
  const source = index === written ? reader.text() : sources[index];
  if (source === undefined) throw damaged("a severity has no source");
  const stated: { -readonly [K in keyof StatedSeverity]: StatedSeverity[K] } = { source };
  if (flags & 32) {
    const severity = severities[reader.byte()];
    if (severity === undefined) throw damaged("a severity is unknown");
    stated.severity = severity;
  }
  if (flags & 64) stated.vector = reader.text();
  if (flags & 128) stated.score = reader.number() / 10;
  return stated;
}
