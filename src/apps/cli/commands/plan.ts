import { planProject } from "../../../engine/index.ts";
import { readOfficialImages, writeFileAtomically } from "../../../host/index.ts";
import { renderPlan } from "../../../report/index.ts";
import { builtInImageRules } from "../../../rules/index.ts";
import { type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import type { SharedOptions } from "../options.ts";
import { policyFor, startEngine, today } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { secondsOf } from "./base.ts";
import { scanSettings } from "../scan-settings.ts";

export interface PlanOptions extends ImageOptions, Omit<SharedOptions, "color" | "quiet"> {
  readonly format: string;
  readonly output?: string;
  /** The image that was built. */
  readonly image?: string;
  readonly store?: string;
  /** Measures other bases. */
  readonly bases?: boolean;
  readonly registry?: string;
  /** Seconds. */
  readonly timeout: string;
}

/** `plimsoll plan [target…]`. */
export async function plan(targets: readonly string[], options: PlanOptions, terminal: Terminal): Promise<number> {
  const engine = await startEngine(builtInImageRules);
  const policy = await policyFor(engine, options);
  const choice = platformChoice(options);
  const looks = options.image !== undefined || options.bases === true;
  const scan = looks ? scanSettings(options) : undefined;
  const officialImages = readOfficialImages();
  const document = await planProject(
    engine,
    {
      root: process.cwd(),
      targets,
      policy,
      version,
      today: today(),
      ...(options.context === undefined ? {} : { context: options.context }),
      ...(options.image !== undefined && scan ? { image: { target: options.image, choice, scan } } : {}),
      ...(scan
        ? {
            bases: {
              ...(officialImages === undefined ? {} : { officialImages }),
              choice,
              scan,
              ...(options.registry === undefined ? {} : { registry: options.registry }),
              timeout: secondsOf(options.timeout) * 1000,
              measure: options.bases === true,
            },
          }
        : {}),
    },
    openJob(options, terminal),
  );
  const toFile = options.output !== undefined && options.output !== "-";
  const rendered =
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderPlan(document, { color: terminal.color && !toFile, quiet: options.quiet ?? false });
  if (toFile && options.output !== undefined) writeFileAtomically(options.output, rendered);
  else terminal.out(rendered);
  return document.gaps.length > 0 ? 3 : 0;
}
