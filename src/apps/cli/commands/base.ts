import { join } from "node:path";
import { PlimsollError } from "../../../core/index.ts";
import { baseOfDockerfile, baseOfImage, type BaseRequest, chooseBase } from "../../../engine/index.ts";
import { kindOf, readOfficialImages, readTextFile, writeFileAtomically } from "../../../host/index.ts";
import { renderBases } from "../../../report/index.ts";
import { parseDockerfile } from "../../../syntax/index.ts";
import { type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import type { Terminal } from "../terminal.ts";
import { scanSettings } from "../scan-settings.ts";

export interface BaseOptions extends ImageOptions {
  readonly format: string;
  readonly output?: string;
  readonly target?: string;
  readonly registry?: string;
  readonly store?: string;
  /** Seconds. */
  readonly timeout: string;
  readonly offline?: boolean;
}

/** `plimsoll base [DOCKERFILE|IMAGE]`. */
export async function base(target: string, options: BaseOptions, terminal: Terminal): Promise<number> {
  const job = openJob(options, terminal);
  const choice = platformChoice(options);
  const officialImages = readOfficialImages();
  const { document } = await chooseBase(
    {
      ...(dockerfileBase(target, options.target) ?? { reference: await baseOfImage(target, choice, job) }),
      ...(officialImages === undefined ? {} : { officialImages }),
      choice,
      scan: scanSettings(options),
      ...(options.registry === undefined ? {} : { registry: options.registry }),
      timeout: secondsOf(options.timeout) * 1000,
      measure: options.offline !== true,
    },
    job,
  );
  const toFile = options.output !== undefined && options.output !== "-";
  const rendered =
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderBases(document, { color: terminal.color && !toFile, quiet: options.quiet ?? false });
  if (toFile && options.output !== undefined) writeFileAtomically(options.output, rendered);
  else terminal.out(rendered);
  return document.gaps.length > 0 && options.offline !== true ? 3 : 0;
}

/** The base that a Dockerfile names; undefined where the target is no file or directory that could be one. */
function dockerfileBase(
  target: string,
  stage: string | undefined,
): Pick<BaseRequest, "reference" | "place"> | undefined {
  if (/\.(?:tar|tgz|tar\.gz|tar\.zst)$/i.test(target) || kindOf(join(target, "oci-layout")) === "file")
    return undefined;
  const file =
    kindOf(target) === "directory"
      ? ["Dockerfile", "Containerfile"].map((name) => join(target, name)).find((path) => kindOf(path) === "file")
      : target;
  if (file === undefined)
    throw new PlimsollError("target.no-dockerfile", `there is no Dockerfile in ${target}`, {
      hint: "name the Dockerfile, or an image like python:3.12",
    });
  if (kindOf(file) !== "file") return undefined;
  const found = baseOfDockerfile(parseDockerfile({ path: file, text: readTextFile(file, file) }), stage);
  if (!found)
    throw new PlimsollError("target.no-dockerfile", `${file} names no base image that could be changed`, {
      hint: "FROM scratch has none, and a variable without a default cannot be known",
    });
  return { reference: found.reference, place: { path: file, line: found.line } };
}

/** What fits a timer: a second to a day. */
export function secondsOf(said: string): number {
  const seconds = Number(said);
  if (!(seconds >= 1 && seconds <= 86_400))
    throw new PlimsollError("usage.unknown-option", `${said} is no number of seconds`, { hint: "write it like 120" });
  return seconds;
}
