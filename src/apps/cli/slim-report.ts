import { createColors } from "picocolors";
import type { ExaminedImage } from "../../engine/index.ts";
import type { ImageMeasure, Rewriter, RewriteOutcome } from "../../remedy/index.ts";
import { escapeLine, formatBytes } from "../../report/index.ts";

/** All that `plimsoll slim` did, as one value. */
export interface SlimDocument extends RewriteOutcome {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "plimsoll"; readonly version: string };
  readonly image: { readonly reference: string; readonly digest: string };
  readonly rewriter: string;
  readonly baseLayers: number;
  /** What a reader of the new image has to know. */
  readonly notes: readonly string[];
}

export function slimDocument(
  { image, weight }: ExaminedImage,
  { id }: Rewriter,
  outcome: RewriteOutcome,
  version: string,
  baseWaived: boolean,
): SlimDocument {
  return {
    schemaVersion: 1,
    tool: { name: "plimsoll", version },
    image: { reference: image.reference, digest: image.digest },
    rewriter: id,
    baseLayers: weight.baseLayers,
    ...outcome,
    notes: notesOn(image, weight.baseLayers > 0 || baseWaived, outcome),
  };
}

function notesOn(image: ExaminedImage["image"], baseKnown: boolean, outcome: RewriteOutcome): readonly string[] {
  if (outcome.written === undefined) return [];
  return [
    ...(outcome.changed ? [] : ["nothing could be won: the layers are those it had"]),
    ...(outcome.before.stored >= outcome.before.unpacked && outcome.after.stored < outcome.after.unpacked
      ? ["the image was stored without compression: part of what is stored less is packing"]
      : []),
    ...(outcome.uncompressed > 0
      ? [
          `${count(outcome.uncompressed, "layer")} stored without compression, as before: --recompress gzip-9 packs those above the base, --base registry:NAME takes the base's as its registry has them`,
        ]
      : []),
    `signatures of ${image.digest} do not hold for the new image: sign ${outcome.manifestDigest}`,
    image.attestations > 0
      ? `${count(image.attestations, "attestation")} beside the image (provenance, SBOM) not taken over: they speak of the old one`
      : "provenance and SBOMs that refer to the old digest do not speak of the new image",
    ...(baseKnown || !outcome.changed
      ? []
      : ["no base is known, so that layers of it may be among those rewritten: name it with --base to keep them"]),
  ];
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what} is` : `${number} ${what}s are`;
}

export function renderSlim(
  document: SlimDocument,
  { color, quiet }: { readonly color: boolean; readonly quiet: boolean },
): string {
  const colors = createColors(color);
  const { before, after, proof, dropped } = document;
  const lines: string[] = [];
  const rows: readonly (readonly [keyof ImageMeasure, (value: number) => string])[] = [
    ["layers", String],
    ["files", String],
    ["unpacked", formatBytes],
    ["stored", formatBytes],
  ];
  if (!quiet) {
    lines.push(`${colors.bold(escapeLine(document.image.reference))}  ${colors.dim(document.rewriter)}`, "");
    lines.push(colors.dim(`${"".padEnd(10)}${"before".padStart(10)}${"after".padStart(12)}${"less".padStart(12)}`));
    for (const [name, show] of rows) {
      const less = before[name] - after[name];
      const share = before[name] > 0 ? ` ${((100 * less) / before[name]).toFixed(1)} %` : "";
      const saved = `${less < 0 ? "-" : ""}${show(Math.abs(less))}`;
      lines.push(
        `${name.padEnd(10)}${show(before[name]).padStart(10)}${show(after[name]).padStart(12)}${saved.padStart(12)}${share.padStart(9)}`,
      );
    }
    lines.push("");
  }
  if (proof.verdict === "proved") {
    const left = dropped > 0 ? `, the ${dropped} dropped files alone gone` : "";
    lines.push(
      `${colors.green("proved")}: ${proof.paths} paths and the configuration are the same to a container${left}`,
    );
  } else {
    lines.push(`${colors.red("rejected")}: the result would not be the same, and was deleted`);
    for (const { path, what } of proof.differences) lines.push(`  ${what.padEnd(8)} ${escapeLine(path)}`);
    for (const name of proof.settings) lines.push(`  setting  ${escapeLine(name)}`);
  }
  if (document.written !== undefined)
    lines.push(`wrote ${escapeLine(document.written)}  ${colors.dim(document.manifestDigest)}`);
  if (!quiet) for (const note of document.notes) lines.push(`${colors.cyan("note:")} ${escapeLine(note)}`);
  return `${lines.join("\n")}\n`;
}
