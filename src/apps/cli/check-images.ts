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
  symbolKeeper,
} from "../../engine/index.ts";
import type { ReportedImage } from "../../report/index.ts";
import type { Dockerfile } from "../../syntax/index.ts";
import type { Finding, Gap } from "../../core/index.ts";
import { builtFrom, type ImageOptions, openJob, platformChoice } from "./image-job.ts";
import { today } from "./start.ts";
import type { ScanPolicyOptions } from "./scan-options.ts";
import { installedCatalogers, settingsAtHand } from "./scan-settings.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

export { builtInImageRules as imageRules } from "../../rules/index.ts";

/** Opens the images that `check` was asked for and runs the image rules over each. */
export function imageChecker(
  images: readonly string[],
  engine: Engine,
  policy: Policy,
  options: ImageOptions & Pick<ScanPolicyOptions, "ignorefile" | "vex">,
  terminal: Terminal,
): (dockerfiles: readonly Dockerfile[]) => Promise<ImagesChecked> {
  return async (dockerfiles) => {
    const job = openJob(options, terminal);
    const keepers = [ruleKeeper(engine.imageRules), symbolKeeper, ...catalogKeepers(installedCatalogers)];
    // An image is checked without advisories at hand too: that nothing is known of its packages is then said.
    const atHand = settingsAtHand();
    const settings =
      "settings" in atHand ? atHand.settings : { catalogers: installedCatalogers, today: today(), version };
    const ignores = await loadIgnores({
      root: process.cwd(),
      ignoreFiles: options.ignorefile ?? [],
      vex: options.vex ?? [],
      policy,
    });
    const scanPolicy = { ...defaultScanPolicy, ...ignores, today: today() };
    const reported: ReportedImage[] = [];
    const findings: Finding[] = [];
    const gaps: Gap[] = "reason" in atHand ? [{ subject: "vulnerabilities", reason: atHand.reason }] : [];
    const texts = new Map<string, string>();
    let ignored = 0;
    let unused: readonly string[] | undefined;
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
      ignored += checked.ignored + scanned.ignored;
      unused = unused?.filter((rule) => scanned.unusedIgnores.includes(rule)) ?? scanned.unusedIgnores;
    }
    if (!options.quiet) for (const rule of unused ?? []) terminal.note(`ignores nothing: ${rule}`);
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

/** Of the Dockerfiles that are checked beside the image the one that fits; else the one that lies here. */
function source(dockerfiles: readonly Dockerfile[]): Pick<ExamineRequest, "candidates"> {
  return dockerfiles.length > 0 ? { candidates: dockerfiles } : builtFrom({});
}
