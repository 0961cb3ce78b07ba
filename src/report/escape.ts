/** Control characters, bidirectional overrides and zero-width characters made visible: what was read must not drive a terminal. */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** On one line. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\n");
}

/** Plain text for GitHub-flavoured Markdown, table cells included: nothing of it is markup, a link, a mention or HTML. */
export function escapeMarkdown(text: string): string {
  return escapeLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_{}[\]()#+\-.!|~:]/g, (character) => `\\${character}`)
    .replaceAll("@", "@\u200b");
}

/** A code span: as many backticks as it needs, on one line, `|` safe in tables. */
export function codeSpan(text: string): string {
  const shown = escapeLine(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") || shown === "" ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

export { formatBytes } from "../core/index.ts";
