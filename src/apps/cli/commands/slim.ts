import { PlimsollError } from "../../../core/index.ts";
import { type ExaminedImage, type ExamineJob, examineImage, ruleKeeper } from "../../../engine/index.ts";
import { findImage, type Image, type ImageTarget, imageTargets, hiddenFiles, keptView } from "../../../image/index.ts";
import { filesToDrop, type Rewriter, rewriteImage, rewriters, type RewriteRequest } from "../../../remedy/index.ts";
import { builtInImageRules } from "../../../rules/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import { renderSlim, slimDocument } from "../slim-report.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface SlimOptions extends ImageOptions {
  readonly format: string;
  readonly output: string;
  readonly dockerfile?: string;
  readonly target?: string;
  /** "none" where there is none. */
  readonly base?: string;
  readonly squash?: boolean;
  readonly relayer?: boolean;
  readonly drop?: readonly string[];
  readonly recompress?: "gzip-9" | "zstd";
}

/** `plimsoll slim IMAGE -o PLACE`. */
export async function slim(target: string, options: SlimOptions, terminal: Terminal): Promise<number> {
  const rewriter = rewriterOf(options);
  const to = placeOf(options.output);
  const epoch = epochOf(process.env["SOURCE_DATE_EPOCH"]);
  const drop = options.drop ?? [];
  const base = options.base === "none" ? undefined : options.base;
  const job = openJob(options, terminal);
  const examined = await examineImage(
    {
      target,
      choice: platformChoice(options),
      digests: "all",
      ...(options.base === "none" ? {} : builtFrom(options)),
      ...(base === undefined ? {} : { base }),
      ...(drop.length > 0 ? { keepers: [ruleKeeper(builtInImageRules)] } : {}),
    },
    job,
  );
  const { scans, merged, weight } = examined;
  mustKnowBase(rewriter, options, weight.baseLayers);
  const request = {
    ...to,
    rewriter,
    scans,
    merged,
    baseLayers: weight.baseLayers,
    ...(drop.length > 0 ? { dropped: filesToDrop(drop, subjectOf(examined)) } : {}),
    ...(options.recompress === undefined ? {} : { recompress: options.recompress }),
    ...(epoch === undefined ? {} : { epoch }),
  };
  const outcome = await rewriteAgain(target, examined, request, options, job);
  const document = slimDocument(examined, rewriter, outcome, version, options.base === "none");
  terminal.out(
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderSlim(document, { color: terminal.color, quiet: options.quiet ?? false }),
  );
  return outcome.proof.verdict === "proved" ? 0 : 3;
}

/** Opens the image once more, for its bytes this time, and holds it to be the one that was examined. */
async function rewriteAgain(
  target: string,
  { image }: ExaminedImage,
  request: Omit<RewriteRequest, "image">,
  options: SlimOptions,
  job: ExamineJob,
): ReturnType<typeof rewriteImage> {
  const again = await findImage(target, platformChoice(options), job);
  try {
    const layers = (one: Pick<typeof again, "layers">): string => one.layers.map(({ diffId }) => diffId).join(" ");
    if (again.digest !== image.digest || layers(again) !== layers(image))
      throw new PlimsollError("image.invalid", `${target} became another image while it was read`, {
        hint: "run the command again, or name the image by its digest",
      });
    return await withBaseLayers(again, options, job, (input) => rewriteImage({ ...request, image: input }, job));
  } finally {
    await again.close();
  }
}

/**
 * Hands over the image with its base's layers as the base itself has them stored, where that is smaller: engines keep layers
 * unpacked, and whoever has the base has it as it came from a registry.
 */
async function withBaseLayers<T>(
  image: Image,
  { base: name }: SlimOptions,
  job: ExamineJob,
  use: (image: Image) => Promise<T>,
): Promise<T> {
  if (name === undefined || name === "none" || name === "scratch") return use(image);
  const base = await findImage(name, { platform: image.platform, platformAsked: false }, job);
  try {
    const layers = image.layers.map((layer, index) => {
      const other = base.layers[index];
      const same = other?.diffId === layer.diffId && other.absent === undefined && other.size !== undefined;
      return same && (layer.digest ?? layer.diffId) === layer.diffId ? other : layer;
    });
    return await use({ ...image, layers });
  } finally {
    await base.close();
  }
}

function rewriterOf({ squash, relayer }: SlimOptions): Rewriter {
  if (squash && relayer)
    throw new PlimsollError("usage.unknown-option", "--squash and --relayer exclude each other", {
      hint: "--squash makes one layer, --relayer several that the next version shares",
    });
  const id = squash ? "squash" : relayer ? "relayer" : "strip-dead";
  const found = rewriters.find((one) => one.id === id);
  if (!found) throw new Error(`there is no rewriter ${id}`);
  return found;
}

function placeOf(output: string): { readonly target: ImageTarget; readonly place: string } {
  const target = imageTargets.find(({ scheme }) => output.startsWith(`${scheme}:`));
  const place = target && output.slice(target.scheme.length + 1);
  if (!target || !place)
    throw new PlimsollError("usage.unknown-option", `--output ${output} says no kind of place`, {
      hint: "write oci:DIRECTORY, archive:FILE or registry:HOST/NAME:TAG",
    });
  return { target, place };
}

/** Seconds since 1970 (reproducible-builds.org, SOURCE_DATE_EPOCH). */
function epochOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,11}$/.test(text))
    throw new PlimsollError("usage.unknown-option", `SOURCE_DATE_EPOCH=${text} is no time`, {
      hint: "set it to whole seconds since 1970: git log -1 --format=%ct",
    });
  return Number(text);
}

/** A base that was named must be the image's; layers are put together only above one that is known, or with leave. */
function mustKnowBase({ id }: Rewriter, { base }: SlimOptions, baseLayers: number): void {
  if (baseLayers > 0 || base === "none" || base === "scratch") return;
  if (base !== undefined)
    throw new PlimsollError("usage.unknown-option", `the image does not begin with the layers of ${base}`, {
      hint: "name the very image it was built on, by its digest where the tag has moved",
    });
  if (id !== "strip-dead")
    throw new PlimsollError(
      "usage.unknown-option",
      `it is not known where the base ends, and --${id} keeps its layers`,
      {
        hint: "name it with --base IMAGE, or with --dockerfile FILE; --base none treats all layers alike",
      },
    );
}

function subjectOf({ image, merged, scans, weight }: ExaminedImage): Parameters<typeof filesToDrop>[1] {
  const { reference, digest, platform, config } = image;
  return {
    image: { reference, digest, platform, config, weight, packages: [], vulnerabilities: [] },
    files: merged.tree,
    contents: keptView(merged, scans, ruleKeeper([]).id),
    hidden: hiddenFiles(merged, scans, ruleKeeper([]).id),
    symbols: new Map(),
  };
}
