import { billOf, catalogKeepers, examineImage } from "../../../engine/index.ts";
import { writeFileAtomically } from "../../../host/index.ts";
import { builtInCatalogers } from "../../../packages/index.ts";
import { cyclonedx, spdxJson } from "../../../report/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "../image-job.ts";
import { today } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";
import { timestamp } from "../write-scan.ts";

export interface SbomCommandOptions extends ImageOptions {
  readonly format: "cyclonedx" | "spdx-json";
  readonly output?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly base?: string;
}

/** `plimsoll sbom IMAGE`: what is installed. No advisories are needed for it. */
export async function sbom(target: string, options: SbomCommandOptions, terminal: Terminal): Promise<number> {
  const catalogers = builtInCatalogers.filter(({ evidence }) => evidence === "installed");
  const examined = await examineImage(
    {
      target,
      choice: platformChoice(options),
      keepers: catalogKeepers(catalogers),
      ...builtFrom(options),
      ...(options.base === undefined ? {} : { base: options.base }),
    },
    openJob(options, terminal),
  );
  const bill = billOf(examined, { catalogers, today: today(), version });
  const stamp = timestamp();
  const reporter = options.format === "spdx-json" ? spdxJson : cyclonedx;
  const rendered = reporter.render(bill, stamp === undefined ? {} : { timestamp: stamp });
  if (options.output === undefined || options.output === "-") terminal.out(rendered);
  else {
    writeFileAtomically(options.output, rendered);
    if (!options.quiet) terminal.note(`wrote ${options.output}, ${bill.packages.length} packages`);
  }
  if (!options.quiet) for (const { subject, reason } of bill.gaps) terminal.note(`not examined: ${subject}: ${reason}`);
  return bill.gaps.length > 0 ? 3 : 0;
}
