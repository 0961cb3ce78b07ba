import { type ComposeBuild, readComposeProject, servicesBuiltFrom } from "./compose-project.ts";
import { type ComposeStack, openStack } from "./compose-stack.ts";
import type { Engine } from "./engine.ts";
import { type Buildable, builtFrom, findBuilder, type ProveJob } from "./proof-bench.ts";
import { type ProofRun, withRun } from "./proof-run.ts";
import { type ProofOutcome, proveFixes, type ProveFixesRequest } from "./prove.ts";

/**
 * `fix --prove` of the Dockerfiles of a project, one after the other. Where a compose file builds them and the user has a command
 * to try them with, then it finds the project's other services as they are or, once proved, as they are to be: so the last proof
 * holds for all changes together.
 * @param onProved told as soon as one is done
 */
export async function proveProject(
  engine: Engine,
  buildables: readonly Buildable[],
  request: Omit<ProveFixesRequest, "subject" | "contextRoot" | "shared">,
  job: ProveJob,
  onProved: (buildable: Buildable, outcome: ProofOutcome) => void,
): Promise<void> {
  const fromOf = (one: Buildable): ComposeBuild => builtFrom(one, request.root, request.settings);
  const proveAll = async (shared?: { readonly run: ProofRun; readonly stack?: ComposeStack }): Promise<void> => {
    for (const buildable of buildables) {
      const outcome = await proveFixes(engine, { ...request, ...buildable, ...(shared ? { shared } : {}) }, job);
      const { verdict, after } = outcome.proof;
      if (verdict === "proved" && after.image) shared?.stack?.take(fromOf(buildable), after.image.name);
      onProved(buildable, outcome);
    }
  };
  const builder = await findBuilder(request.settings.builder, job);
  if (!builder) return proveAll();
  await withRun(builder, job, async (run) => {
    const stack = await stackFor(buildables, request, run);
    try {
      await proveAll({ run, ...(stack ? { stack } : {}) });
    } finally {
      stack?.close();
    }
  });
}

/** Only a command of the user's starts services together. */
async function stackFor(
  buildables: readonly Buildable[],
  { settings, root }: Pick<ProveFixesRequest, "settings" | "root">,
  run: ProofRun,
): Promise<ComposeStack | undefined> {
  if (settings.smoke.command === undefined) return undefined;
  const project = await readComposeProject([root]);
  const built = buildables.some(
    (one) => project && servicesBuiltFrom(project, builtFrom(one, root, settings)).length > 0,
  );
  return project && built ? openStack(project, settings, run) : undefined;
}
