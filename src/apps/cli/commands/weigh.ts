import { PlimsollError } from "../../../core/index.ts";
import { type Budgets, diveDefaults, examineImage, parseSize, weightDocument } from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import { renderWeight } from "../../../report/index.ts";
import { readDiveCi } from "../dive-ci.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface WeighOptions extends ImageOptions {
  readonly format: string;
  readonly output?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly base?: string;
  readonly ci?: boolean;
  readonly ciConfig?: string;
  readonly maxSize?: string;
  readonly maxPull?: string;
  readonly maxWaste?: string;
  readonly maxLayers?: string;
  readonly lowestEfficiency?: string;
  readonly highestWastedBytes?: string;
  readonly highestUserWastedPercent?: string;
}

const statuses = { pass: 0, fail: 1, incomplete: 3 } as const;

/** `plimsoll weigh IMAGE`. */
export async function weigh(target: string, options: WeighOptions, terminal: Terminal): Promise<number> {
  const budgets = readBudgets(options);
  const job = openJob(options, terminal);
  const examined = await examineImage(
    {
      target,
      choice: platformChoice(options),
      ...builtFrom(options),
      ...(options.base === undefined ? {} : { base: options.base }),
    },
    job,
  );
  const document = weightDocument(examined, budgets, version);
  const toFile = options.output !== undefined && options.output !== "-";
  const rendered =
    options.format === "json"
      ? `${JSON.stringify(document, null, 2)}\n`
      : renderWeight(document, {
          color: terminal.color && !toFile,
          width: terminal.width,
          quiet: options.quiet ?? false,
        });
  if (toFile && options.output !== undefined) {
    writeFileAtomically(options.output, rendered);
    if (!options.quiet) terminal.note(`wrote ${options.output}`);
  } else terminal.out(rendered);
  return statuses[document.verdict];
}

function readBudgets(options: WeighOptions): Budgets {
  const off = /^(?:disabled|off|false|)$/i;
  const size = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const bytes = parseSize(text);
    if (bytes === undefined) throw invalid(name, text, "a size like 20MB or 1.5GiB");
    return bytes;
  };
  const share = (name: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === "" || !(value >= 0 && value <= 1)) throw invalid(name, text, "a share from 0 to 1");
    return value;
  };
  const layers = options.maxLayers === undefined ? undefined : Number(options.maxLayers);
  if (layers !== undefined && !Number.isInteger(layers))
    throw invalid("--max-layers", options.maxLayers ?? "", "a whole number");
  const set: { -readonly [K in keyof Budgets]: Budgets[K] | undefined } = options.ci
    ? { ...diveDefaults, ...readDiveCi(options.ciConfig) }
    : {};
  const dive = <T>(text: string | undefined, value: (text: string) => T): T | undefined =>
    text === undefined || off.test(text) ? undefined : value(text);
  if (options.lowestEfficiency !== undefined)
    set.lowestEfficiency = dive(options.lowestEfficiency, (text) => share("--lowest-efficiency", text));
  if (options.highestWastedBytes !== undefined)
    set.highestWastedBytes = dive(options.highestWastedBytes, (text) => size("--highest-wasted-bytes", text));
  if (options.highestUserWastedPercent !== undefined)
    set.highestUserWastedPercent = dive(options.highestUserWastedPercent, (text) =>
      share("--highest-user-wasted-percent", text),
    );
  const own = {
    maxSize: size("--max-size", options.maxSize),
    maxPull: size("--max-pull", options.maxPull),
    maxWaste: size("--max-waste", options.maxWaste),
    maxLayers: layers,
  };
  return Object.fromEntries(Object.entries({ ...set, ...own }).filter(([, value]) => value !== undefined));
}

function invalid(name: string, text: string, wanted: string): PlimsollError {
  return new PlimsollError("usage.unknown-option", `${name} ${text} is not allowed`, { hint: `give it ${wanted}` });
}
