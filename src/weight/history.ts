import type { HistoryEntry } from "../image/index.ts";

/** What a history entry says was done, whichever builder wrote it. */
export interface ReadEntry {
  readonly keyword: string;
  /** White space run together. */
  readonly text: string;
  readonly emptyLayer: boolean;
  /** Written by the classic builder, which names sources by their hash. */
  readonly classic: boolean;
}

const keywords =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\b/;

/**
 * Reads `created_by`. BuildKit writes the instruction and " # buildkit"; the classic builder "/bin/sh -c #(nop) CMD …" for what
 * runs nothing, and for RUN the bare command with its shell.
 */
export function readHistory({ createdBy, emptyLayer }: HistoryEntry): ReadEntry {
  const whole = oneLine(createdBy);
  const buildkit = whole.endsWith("# buildkit");
  const text = buildkit ? whole.slice(0, -10).trim() : whole;
  const mark = text.indexOf("#(nop)");
  const said = mark >= 0 && mark < 400 ? text.slice(mark + 6).trim() : text;
  const keyword = keywords.exec(said)?.[1];
  if (keyword && (mark >= 0 || buildkit || emptyLayer || keyword === "WORKDIR"))
    return { keyword, text: said.slice(keyword.length).trim(), emptyLayer, classic: mark >= 0 };
  return { keyword: text === "" ? "" : "RUN", text, emptyLayer, classic: true };
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
