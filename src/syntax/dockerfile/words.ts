import { DOUBLE_QUOTE, SINGLE_QUOTE, isSpace, isWordSpace } from "./characters.ts";

/** [start, end) pairs in a joined text, flattened. */
export type Spans = number[];

/** Splits at white space alone, as FROM, EXPOSE, COPY, ADD and VOLUME do: quotes mean nothing. */
export function splitAtSpace(text: string, from: number, to: number): Spans {
  const spans: Spans = [];
  let at = from;
  while (at < to) {
    while (at < to && isWordSpace(text.charCodeAt(at))) at++;
    if (at >= to) break;
    const start = at;
    while (at < to && !isWordSpace(text.charCodeAt(at))) at++;
    spans.push(start, at);
  }
  return spans;
}

/** Splits at white space outside quotes, as ENV, ARG and LABEL do; quotes and escapes stay in the words. */
export function splitQuoted(text: string, from: number, to: number, escape: number): Spans {
  const spans: Spans = [];
  let at = from;
  while (at < to) {
    while (at < to && isSpace(text.charCodeAt(at))) at++;
    if (at >= to) break;
    const start = at;
    let quote = 0;
    for (; at < to; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0) {
        if (isSpace(code)) break;
        if (code === escape) at++;
        else if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) quote = code;
      } else if (code === quote) quote = 0;
      else if (code === escape && quote !== SINGLE_QUOTE) at++;
    }
    at = Math.min(at, to);
    spans.push(start, at);
  }
  return spans;
}
