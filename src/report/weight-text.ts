import { createColors } from "picocolors";
import type { Bytes, LayerWeight, Waste } from "../weight/index.ts";
import { escapeLine, formatBytes } from "./escape.ts";
import type { WeightDocument } from "./weight-document.ts";

type Colors = ReturnType<typeof createColors>;

const barWidth = 22;
const shownWaste = 12;

/** Where the bytes are, for people: a bar a layer with its line, waste by cause, what is heaviest, and what to type next. */
export function renderWeight(
  document: WeightDocument,
  options: { readonly color: boolean; readonly width: number; readonly quiet: boolean },
): string {
  const colors = createColors(options.color);
  const blocks = [header(document, colors), layerTable(document, options.width, colors)];
  if (document.waste.length > 0) blocks.push(wasteTable(document, options.width, colors));
  if (!options.quiet) blocks.push(heaviestTable(document, options.width, colors));
  blocks.push(tail(document, colors));
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function header({ image, totals, layers }: WeightDocument, colors: Colors): string {
  const dead = totals.deadInBase.unpacked + totals.deadOfUser.unpacked;
  const share = totals.content.unpacked === 0 ? 0 : dead / totals.content.unpacked;
  const pull = totals.compressed
    ? `, ${colors.bold(formatBytes(totals.stored))} to pull`
    : colors.dim(", kept uncompressed here, so what a pull costs is not known");
  const whose =
    totals.deadInBase.unpacked > 0 && totals.deadOfUser.unpacked > 0
      ? ` (${formatBytes(totals.deadInBase.unpacked)} of them in the base)`
      : totals.deadInBase.unpacked > 0
        ? " (all in the base)"
        : "";
  return [
    `${colors.bold(escapeLine(image.reference))}  ${colors.dim(`${image.platform}  ${image.digest.slice(0, 19)}`)}`,
    `${colors.bold(formatBytes(totals.content.unpacked))}${pull}, in ${layers.length} layer${layers.length === 1 ? "" : "s"}`,
    dead === 0
      ? colors.green("every byte can be seen by a container")
      : `${colors.yellow(formatBytes(dead))} (${percent(share)}) can no container ever see${whose}`,
  ].join("\n");
}

function layerTable({ layers, totals }: WeightDocument, width: number, colors: Colors): string {
  const heaviest = Math.max(1, ...layers.map(({ bytes }) => bytes.unpacked));
  const lines = layers.map((layer, index) => {
    const cells = Math.round((layer.bytes.unpacked / heaviest) * barWidth);
    const bar = "█".repeat(cells).padEnd(barWidth);
    const isBase = layer.origin.kind === "base";
    const sizes = `${formatBytes(layer.bytes.unpacked).padStart(8)} ${totals.compressed ? formatBytes(layer.storedBytes).padStart(8) : ""}`;
    const room = Math.max(20, width - barWidth - 26);
    return `${String(index + 1).padStart(3)} ${isBase ? colors.dim(bar) : colors.cyan(bar)} ${sizes}  ${originText(layer, room, colors)}`;
  });
  const head = colors.dim(
    `${"".padEnd(4 + barWidth)} ${"unpacked".padStart(8)} ${totals.compressed ? "pull".padStart(8) : ""}  brought by`,
  );
  return [head, ...lines].join("\n");
}

function originText({ origin }: LayerWeight, room: number, colors: Colors): string {
  if (origin.kind === "instruction") {
    const place = origin.at.kind === "source" ? `${escapeLine(origin.at.path)}:${origin.line}` : "";
    const doubt = origin.certainty === "index" ? " (by its position)" : "";
    return `${colors.bold(place)}${doubt} ${cut(escapeLine(origin.text), room - place.length - doubt.length - 1)}`;
  }
  const said = origin.createdBy === undefined ? "" : cut(escapeLine(origin.createdBy.replace(/\s+/g, " ")), room - 8);
  if (origin.kind === "base")
    return colors.dim(`base ${origin.reference === undefined ? said : escapeLine(origin.reference)}`);
  return said === "" ? colors.dim("nothing tells") : said;
}

const causes: Readonly<Record<Waste["cause"], string>> = {
  deleted: "deleted later",
  hidden: "hidden by a new directory",
  overwritten: "overwritten",
  metadata: "stored again for owner, mode or time",
  replaced: "replaced by another kind of file",
  moved: "moved",
};

function wasteTable({ waste, layers, totals }: WeightDocument, width: number, colors: Colors): string {
  const worth = waste.filter(({ bytes }) => bytes.unpacked > 0);
  if (worth.length === 0) return "";
  const lines = worth.slice(0, shownWaste).map(({ cause, bytes, layer, by, files, paths }) => {
    const where =
      layer === by
        ? `in ${place(layers, layer)}`
        : `brought by ${place(layers, layer)}, gone with ${place(layers, by)}`;
    const most = paths[0] ? cut(escapeLine(paths[0].path), Math.max(20, width - 30)) : "";
    const more = files > 1 ? ` and ${files - 1} more` : "";
    return [
      `${formatBytes(bytes.unpacked).padStart(9)}${pull(bytes, totals.compressed)}  ${colors.yellow(causes[cause])}: ${where}`,
      `${"".padStart(11)}${colors.dim(`${most}${more}`)}`,
    ].join("\n");
  });
  const rest = worth.slice(shownWaste);
  if (rest.length > 0) {
    const sum = rest.reduce((total, { bytes }) => total + bytes.unpacked, 0);
    lines.push(`${formatBytes(sum).padStart(9)}  ${colors.dim(`in ${rest.length} smaller groups`)}`);
  }
  return [colors.bold("Bytes that no container can see"), ...lines].join("\n");
}

function pull({ stored }: Bytes, compressed: boolean): string {
  return compressed ? ` (${formatBytes(Math.round(stored))} to pull)` : "";
}

/** A layer by its line, else by its number. */
function place(layers: readonly LayerWeight[], index: number): string {
  const origin = layers[index]?.origin;
  if (origin?.kind === "instruction" && origin.at.kind === "source")
    return `${escapeLine(origin.at.path)}:${origin.line}`;
  return origin?.kind === "base" ? `the base (layer ${index + 1})` : `layer ${index + 1}`;
}

function heaviestTable({ heaviest, layers }: WeightDocument, width: number, colors: Colors): string {
  const room = Math.max(20, width - 14);
  const directories = heaviest.directories.map(
    ({ path, bytes, files }) =>
      `${formatBytes(bytes.unpacked).padStart(9)}  ${cut(`${escapeLine(path)}/`, room - 16)} ${colors.dim(`${files} files`)}`,
  );
  const files = heaviest.files.map(
    ({ path, bytes, layer }) =>
      `${formatBytes(bytes.unpacked).padStart(9)}  ${cut(escapeLine(path), room - 24)} ${colors.dim(layer === undefined ? "" : place(layers, layer))}`,
  );
  return [colors.bold("Heaviest directories"), ...directories, "", colors.bold("Heaviest files"), ...files].join("\n");
}

function tail({ efficiency, budgets, gaps, verdict, waste }: WeightDocument, colors: Colors): string {
  const { dive } = efficiency;
  const lines = [
    `efficiency ${percent(efficiency.visible)} ${colors.dim("(visible of all bytes)")}; by dive's formula ${percent(dive.efficiency)}, ${formatBytes(dive.wastedBytes)} wasted, ${percent(dive.userWastedPercent)} of the user's`,
  ];
  for (const { name, limit, value, holds } of budgets)
    lines.push(
      `${holds ? colors.green("holds") : colors.red("broken")} ${name}: ${amount(name, value)}, allowed ${amount(name, limit)}`,
    );
  for (const { subject, reason } of gaps)
    lines.push(`${colors.yellow("not examined")} ${escapeLine(subject)}: ${escapeLine(reason)}`);
  const word = verdict === "pass" ? colors.green : verdict === "fail" ? colors.red : colors.yellow;
  const next = waste.some(({ bytes }) => bytes.unpacked > 1e6)
    ? "; plimsoll check . --image IMAGE shows the lines to change"
    : "";
  lines.push(`${word(verdict)}${colors.dim(next)}`);
  return lines.join("\n");
}

function amount(name: string, value: number): string {
  if (name === "maxLayers") return String(value);
  return name === "lowestEfficiency" || name.endsWith("Percent") ? percent(value) : formatBytes(value);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function cut(text: string, room: number): string {
  const most = Math.max(8, room);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
