import { examineImage } from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import type { LiveFile } from "../../../image/index.ts";
import { escapeLine } from "../../../report/index.ts";
import type { Origin } from "../../../weight/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import type { Terminal } from "../terminal.ts";

export interface FilesOptions extends ImageOptions {
  readonly format: string;
  readonly output?: string;
  readonly dockerfile?: string;
  readonly target?: string;
}

/** `plimsoll files IMAGE`: every file that a container sees, with the layer and the line that brought it. */
export async function files(target: string, options: FilesOptions, terminal: Terminal): Promise<number> {
  const { merged, weight, gaps } = await examineImage(
    { target, choice: platformChoice(options), digests: "all", ...builtFrom(options) },
    openJob(options, terminal),
  );
  const lines: string[] = [];
  for (const file of merged.tree.all()) {
    if (file.path === "") continue;
    const origin = weight.layers[file.layer]?.origin;
    lines.push(options.format === "json" ? JSON.stringify(record(file, origin)) : textLine(file, origin));
  }
  const rendered = options.format === "json" ? `[\n${lines.join(",\n")}\n]\n` : `${lines.join("\n")}\n`;
  if (options.output !== undefined && options.output !== "-") writeFileAtomically(options.output, rendered);
  else terminal.out(rendered);
  return gaps.length > 0 ? 3 : 0;
}

function record({ path, entry, layer, names }: LiveFile, origin: Origin | undefined) {
  const { type, size, storedBytes, mode, uid, gid, mtime, digest, link, device, xattrs } = entry;
  return {
    path,
    type,
    size,
    storedBytes: Math.round(storedBytes),
    mode: mode.toString(8).padStart(4, "0"),
    uid,
    gid,
    mtime,
    ...(digest === undefined ? {} : { digest }),
    ...(link === undefined ? {} : { link }),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs: Object.keys(xattrs).sort() }),
    ...(names > 1 ? { names } : {}),
    layer: layer + 1,
    ...(origin?.kind === "instruction" ? { line: origin.line, certainty: origin.certainty } : {}),
    ...(origin?.kind === "base" ? { base: true } : {}),
  };
}

const letters: Readonly<Record<string, string>> = { directory: "d", symlink: "l", device: "c", fifo: "p" };

function textLine({ path, entry, layer }: LiveFile, origin: Origin | undefined): string {
  const from = origin?.kind === "instruction" ? `:${origin.line}` : origin?.kind === "base" ? "base" : "";
  const link = entry.type === "symlink" ? ` -> ${escapeLine(entry.link ?? "")}` : "";
  const mode = entry.mode.toString(8).padStart(4, "0");
  return `${letters[entry.type] ?? "-"} ${mode} ${`${entry.uid}:${entry.gid}`.padEnd(9)} ${String(entry.size).padStart(10)} ${String(layer + 1).padStart(3)} ${from.padEnd(5)} ${escapeLine(path)}${link}`;
}
