import { parseReference } from "../bases/index.ts";
import { LineIndex, PlimsollError } from "../core/index.ts";
import { type Choice, findImage } from "../image/index.ts";
import { chainOf, type Dockerfile } from "../syntax/index.ts";
import { readProvenLines } from "../weight/index.ts";
import type { ExamineJob } from "./examine-image.ts";

/** The image that a stage (the last when none is named) stands on, and the line from 1 that names it; undefined for scratch and variables without value. */
export function baseOfDockerfile(
  dockerfile: Dockerfile,
  target?: string,
): { readonly reference: string; readonly line: number } | undefined {
  const stage =
    target === undefined
      ? dockerfile.stages.at(-1)
      : dockerfile.stages.find(({ name, index }) => name?.value === target || String(index) === target);
  if (target !== undefined && !stage)
    throw new PlimsollError("usage.unknown-option", `${dockerfile.source.path} has no stage ${target}`, {
      hint: "name a stage as its FROM … AS does",
    });
  const root = stage && chainOf(dockerfile, stage.index).at(-1);
  if (!root?.from || root.base.kind !== "image" || root.base.reference === undefined) return undefined;
  return {
    reference: root.base.reference,
    line: new LineIndex(dockerfile.source.text).position(root.from.image.range.start).line,
  };
}

const baseName = "org.opencontainers.image.base.name";

/**
 * The base of an image: an official image is one itself; of others the annotation or label of the OCI image specification tells,
 * or the Dockerfile in what the builder says of the build. Throws `image.not-found` where nothing does.
 */
export async function baseOfImage(target: string, choice: Choice, job: ExamineJob): Promise<string> {
  const named = target.replace(/^(?:docker|engine|registry):(?=[^:]*[a-z])/, "");
  if (parseReference(named)?.official !== undefined && /[a-z]/.test(named)) return named;
  const image = await findImage(target, choice, job);
  try {
    const said = image.annotations[baseName] ?? image.config.labels[baseName];
    if (said !== undefined && parseReference(said)) return said;
    const statement = await image.provenance?.();
    const proven = statement && readProvenLines(statement);
    const base = proven && baseOfDockerfile(proven.dockerfile);
    if (base) return base.reference;
  } finally {
    await image.close();
  }
  throw new PlimsollError("image.not-found", `nothing tells what ${target} was built from`, {
    hint: "name its Dockerfile: plimsoll base Dockerfile",
  });
}
