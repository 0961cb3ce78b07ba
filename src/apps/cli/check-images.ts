import {
  catalogKeepers,
  checkImage,
  defaultScanPolicy,
  type Engine,
  type ImagesChecked,
  examineImage,
  type ExamineRequest,
  joinFindings,
  loadIgnores,
  type Policy,
  ruleKeeper,
  scannedFacts,
} from "../../engine/index.ts";
import type { ReportedImage } from "../../report/index.ts";
import type { Dockerfile } from "../../syntax/index.ts";
import { type Finding, type Gap, PlimsollError } from "../../core/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "./image-job.ts";
import { today } from "./start.ts";
import { installedCatalogers, scanSettings } from "./scan-settings.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

export { builtInImageRules as imageRules } from "../../rules/index.ts";

/** Opens the images that `check` was asked for and runs the image rules over each. */
export function imageChecker(
  images: readonly string[],
  engine: Engine,
  policy: Policy,
  options: ImageOptions,
  terminal: Terminal,
): (dockerfiles: readonly Dockerfile[]) => Promise<ImagesChecked> {
  return async (dockerfiles) => {
    const job = openJob(options, terminal);
    const keepers = [ruleKeeper(engine.imageRules), ...catalogKeepers(installedCatalogers)];
    const { settings, gaps: missing } = settingsForCheck();
    const ignores = await loadIgnores({ root: process.cwd(), ignoreFiles: [], vex: [], policy });
    const scanPolicy = { ...defaultScanPolicy, ...ignores, today: today() };
    const reported: ReportedImage[] = [];
    const findings: Finding[] = [];
    const gaps: Gap[] = [...missing];
    const texts = new Map<string, string>();
    let ignored = 0;
    for (const target of images) {
      const examined = await examineImage(
        { target, choice: platformChoice(options), keepers, digests: "alike", ...source(dockerfiles) },
        job,
      );
      const { dockerfile } = examined;
      if (dockerfile) texts.set(dockerfile.source.path, dockerfile.source.text);
      const scanned = scannedFacts(examined, settings, scanPolicy);
      const checked = checkImage(engine, examined, policy, scanned.facts, dockerfile);
      reported.push(checked.reported);
      findings.push(...checked.findings);
      gaps.push(...checked.gaps, ...scanned.gaps.map((gap) => ({ ...gap, subject: `${target}: ${gap.subject}` })));
      ignored += checked.ignored;
    }
    return {
      images: reported,
      findings,
      gaps,
      ignored,
      texts,
      join: (found, dockerfile) => joinFindings(found, findings, engine.imageRules, dockerfile),
    };
  };
}

/** An image without advisories at hand is checked all the same: what is not known of its packages is said. */
function settingsForCheck(): {
  readonly settings: Parameters<typeof scannedFacts>[1];
  readonly gaps: readonly Gap[];
} {
  try {
    return { settings: scanSettings({}), gaps: [] };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const settings = { catalogers: installedCatalogers, today: today(), version };
    return { settings, gaps: [{ subject: "vulnerabilities", reason: error.message }] };
  }
}

/** Of the Dockerfiles that are checked beside the image the one that fits; else the one that lies here. */
function source(dockerfiles: readonly Dockerfile[]): Pick<ExamineRequest, "candidates"> {
  return dockerfiles.length > 0 ? { candidates: dockerfiles } : builtFrom({});
}
