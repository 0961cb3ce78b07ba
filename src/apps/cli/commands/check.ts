import { join } from "node:path";
import { PlimsollError } from "../../../core/index.ts";
import { check as runCheck, type Policy, runShellcheck } from "../../../engine/index.ts";
import { kindOf, writeFileAtomically } from "../../../host/index.ts";
import { reporters } from "../../../report/index.ts";
import type { SharedOptions } from "../options.ts";
import { policyFor, startEngine } from "../start.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface CheckOptions extends SharedOptions {
  readonly format: string;
  readonly output?: string;
  readonly failOn?: Policy["failOn"];
  /** Images that were built from what is checked. */
  readonly image?: readonly string[];
  readonly shellcheck?: boolean;
  readonly platform?: string;
  readonly cache?: boolean;
  /** In place of `.trivyignore`, for vulnerabilities of images. */
  readonly ignorefile?: readonly string[];
  readonly vex?: readonly string[];
}

/** A target that says where an image is, or that is no path here and could be the name of one. */
function isImage(target: string): boolean {
  if (/^(?:archive|containers-storage|docker|engine|layout|oci|podman|registry|rootfs):/.test(target)) return true;
  if (target === "-") return false;
  const kind = kindOf(target);
  if (kind === "file") return /\.(?:tar|tgz|tar\.gz|tar\.zst)$/i.test(target);
  if (kind === "directory") return kindOf(join(target, "oci-layout")) === "file";
  return /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d+)?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/.test(
    target,
  );
}

const statuses = { pass: 0, fail: 1, incomplete: 3 } as const;

/** `plimsoll check [target…]`. */
export async function check(targets: readonly string[], options: CheckOptions, terminal: Terminal): Promise<number> {
  const images = [...(options.image ?? []), ...targets.filter(isImage)];
  const files = images.length === 0 ? targets : targets.filter((target) => !isImage(target));
  const aboutPackages = [...(options.vex ?? []), ...(options.ignorefile ?? [])];
  if (images.length === 0 && aboutPackages.length > 0)
    throw new PlimsollError(
      "usage.unknown-option",
      `${aboutPackages.join(", ")} is about packages, and no image is checked`,
      {
        hint: "name an image, or add --image IMAGE",
      },
    );
  // What looks into images is loaded for those who ask for it.
  const looking = images.length > 0 ? await import("../image-commands.ts") : undefined;
  const engine = await startEngine(looking?.imageRules);
  const policy = await policyFor(engine, options, options.failOn);
  const { report, texts } = await runCheck(engine, {
    root: process.cwd(),
    targets: files,
    ...(looking
      ? {
          openImages: looking.imageChecker(images, engine, policy, options, terminal),
          imagesAlone: files.length === 0 && options.image?.length !== images.length,
        }
      : {}),
    policy,
    version,
    ...(options.context === undefined ? {} : { context: options.context }),
    ...(options.shellcheck ? { shellcheck: (dockerfile) => runShellcheck(dockerfile, process.env) } : {}),
  });
  const reporter = reporters.find(({ id }) => id === options.format);
  const toFile = options.output !== undefined && options.output !== "-";
  const color = terminal.color && !toFile;
  const shown =
    reporter?.render(report, {
      color,
      width: terminal.width,
      texts,
      quiet: options.quiet ?? false,
    }) ?? "";
  const forPeople = options.format === "text" && !options.quiet;
  const rendered = looking && forPeople ? `${shown}\n${looking.nextActions(report, texts, color)}` : shown;
  if (toFile && options.output !== undefined) {
    writeFileAtomically(options.output, rendered);
    if (!options.quiet) terminal.note(`wrote ${options.output}`);
  } else terminal.out(rendered);
  return statuses[report.verdict];
}
