import { delimiter, join } from "node:path";
import { makeScratchDirectory, removeDirectory, writeBelow } from "../host/index.ts";
import { runLabel } from "../remedy/index.ts";
import { type ComposeBuild, composeOverride, type ComposeProject, servicesBuiltFrom } from "./compose-project.ts";
import type { BuildSettings } from "./proof-bench.ts";
import type { ProofRun } from "./proof-run.ts";

/** The services of a compose file, with an image of each that is built: as it is, or as it was proved. */
export interface ComposeStack {
  /**
   * Variables with which `docker compose` starts the services as a project of its own, those that are built from the same with this
   * image; none where no service is.
   */
  variables(from: ComposeBuild, image: string): Readonly<Record<string, string>>;
  /** From now on others are tried beside this image of such services. */
  take(from: ComposeBuild, image: string): void;
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
  const namesOf = (from: ComposeBuild): readonly string[] => servicesBuiltFrom(project, from).map(({ name }) => name);
  return {
    variables: (from, image) => {
      const names = namesOf(from);
      if (names.length === 0) return {};
      const all = new Map([...images, ...names.map((name) => [name, image] as const)]);
      writeBelow(directory, override, composeOverride(project, all, [runLabel, run.id]));
      return {
        COMPOSE_FILE: [project.file, join(directory, override)].join(delimiter),
        COMPOSE_PATH_SEPARATOR: delimiter,
        COMPOSE_PROJECT_NAME: `plimsoll-${run.id}`,
      };
    },
    take: (from, image) => {
      for (const name of namesOf(from)) images.set(name, image);
    },
    close: () => {
      removeDirectory(directory);
    },
  };
}
