// Draws what a command prints as an SVG: node tools/run.mjs tools/terminal-picture.ts OUTPUT TITLE < ansi.txt
import { readFileSync, writeFileSync } from "node:fs";

const [output = "docs/terminal.svg", title = ""] = process.argv.slice(2);
const colors: Readonly<Record<string, string>> = {
  "31": "#ff7b72",
  "32": "#7ee787",
  "33": "#e3b341",
  "36": "#79c0ff",
  "2": "#8b949e",
};
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const lines = readFileSync(0, "utf8").trimEnd().split("\n");
const rows = [`$ ${title}`, ...lines].map((line, i) => {
  let style = i === 0 ? "#8b949e" : "#e6edf3";
  let bold = false;
  const spans = line.split(/(\u001b\[\d+m)/).map((part) => {
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code === undefined)
      return part === "" ? "" : `<tspan fill="${style}"${bold ? ' font-weight="bold"' : ""}>${escape(part)}</tspan>`;
    if (code === "1") bold = true;
    else if (code === "22") {
      bold = false;
      style = "#e6edf3";
    } else style = colors[code] ?? "#e6edf3";
    return "";
  });
  return `<text x="16" y="${36 + i * 18}" xml:space="preserve">${spans.join("")}</text>`;
});
const width =
  32 + 7.9 * Math.max(...lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, "").length), title.length + 2);
const height = 40 + rows.length * 18;
writeFileSync(
  output,
  `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13"><rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n${rows.join("\n")}\n</svg>\n`,
);
