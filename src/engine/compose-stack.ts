import { delimiter, join } from "node:path";
import { makeScratchDirectory, removeDirectory, writeBelow } from "../host/index.ts";
import { runLabel } from "../remedy/index.ts";
import { composeOverride, type ComposeProject, serviceThatBuilds } from "./compose-project.ts";
import type { BuildSettings } from "./proof-bench.ts";
import type { ProofRun } from "./proof-run.ts";

/** The services of a compose file, with an image of each that is built: as it is, or as it was proved. */
export interface ComposeStack {
  /** Which service a Dockerfile is built for. */
  serviceOf(built: { readonly context: string; readonly dockerfile: string }): string | undefined;
  /** Variables with which `docker compose` starts the services with an image in place of one of them, as a project of its own. */
  environment(service: string, image: string): Readonly<Record<string, string>>;
  /** From now on others are tried beside this image of a service. */
  take(service: string, image: string): void;
  close(): void;
}

const override = "compose.override.json";

/**
 * Builds what the services of a compose file are built from, out of the user's own directories, which a build only reads. What does
 * not build is left to compose.
 */
export async function openStack(
  project: ComposeProject,
  { network, platform, buildArgs = [], milliseconds }: BuildSettings,
  run: ProofRun,
): Promise<ComposeStack> {
  const images = new Map<string, string>();
  for (const { name, build } of project.services) {
    if (!build) continue;
    const request = { ...build, buildArgs, tag: run.nextTag(), label: run.label, milliseconds };
    const more = { ...(network === undefined ? {} : { network }), ...(platform === undefined ? {} : { platform }) };
    const outcome = await run.builder.build({ ...request, ...more }, run.job);
    if (!("failure" in outcome)) images.set(name, outcome.name);
  }
  return stackOf(project, images, run);
}

function stackOf(project: ComposeProject, images: Map<string, string>, run: ProofRun): ComposeStack {
  const directory = makeScratchDirectory(run.id);
  run.janitor.tell({ directory });
  return {
    serviceOf: (built) => serviceThatBuilds(project, built)?.name,
    environment: (service, image) => {
      const text = composeOverride(project, new Map([...images, [service, image]]), [runLabel, run.id]);
      writeBelow(directory, override, text);
      return {
        COMPOSE_FILE: [project.file, join(directory, override)].join(delimiter),
        COMPOSE_PATH_SEPARATOR: delimiter,
        COMPOSE_PROJECT_NAME: `plimsoll-${run.id}`,
      };
    },
    take: (service, image) => void images.set(service, image),
    close: () => {
      removeDirectory(directory);
    },
  };
}
