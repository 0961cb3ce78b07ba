import type { JoinedText } from "../joined.ts";
import type { ShellText } from "./tree.ts";

/** What is handed to the shell parser, and the way from its offsets back to the Dockerfile. */
export type Positions = ShellText;

/** Carriage returns become spaces of the same length: Docker hands them on, but they are never what anyone meant. */
function withoutReturns(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r", " ") : text;
}

/** A stretch of a joined line. */
export function inJoined(joined: JoinedText, start: number, end: number): Positions {
  return {
    source: withoutReturns(joined.text.slice(start, end)),
    range: (from, to) => joined.range(start + from, start + to),
  };
}

/** A stretch of the Dockerfile as it stands. */
export function inText(text: string, start: number, end: number): Positions {
  return {
    source: withoutReturns(text.slice(start, end)),
    range: (from, to) => ({ start: start + from, end: start + to }),
  };
}

/** A joined line followed by the bodies of its heredocs, as the shell reads it. */
export function inJoinedWithBodies(
  joined: JoinedText,
  start: number,
  end: number,
  text: string,
  bodyStart: number,
  bodyEnd: number,
): Positions {
  const length = end - start;
  const at = (offset: number): number =>
    offset <= length ? joined.at(start + offset) : bodyStart + offset - length - 1;
  return {
    source: withoutReturns(`${joined.text.slice(start, end)}\n${text.slice(bodyStart, bodyEnd)}`),
    range: (from, to) => ({ start: at(from), end: to > from ? at(to - 1) + 1 : at(from) }),
  };
}
