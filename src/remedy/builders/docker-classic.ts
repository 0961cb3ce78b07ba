import { runTool } from "../../host/index.ts";
import { askTool, type Builder, commonArguments, runBuild } from "./builder.ts";

/** A Docker Engine's first builder, one container and one image for each instruction. */
export const dockerClassic: Builder = {
  id: "docker-classic",
  summary: "Docker Engine without BuildKit",
  program: "docker",
  runs: true,
  available: async (job) =>
    (await askTool("docker", ["version", "--format", "{{.Server.Version}}"], job)) !== undefined,
  async build(request, job) {
    const env = { ...job.env, DOCKER_BUILDKIT: "0" };
    // It removes the containers of steps that fail only when told to.
    const args = ["build", "--rm", "--force-rm", ...commonArguments(request), request.context];
    const outcome = await runBuild("docker", args, request, { ...job, env }, `engine:${request.tag}`);
    if ("failure" in outcome) {
      const made = intermediateImages(outcome.said);
      if (made.length > 0) await runTool("docker", ["rmi", ...made], { ...job, milliseconds: 60_000 });
    }
    return outcome;
  },
};

/** The images of the steps before the one that failed, last first, but not those that were there: no label tells them. */
function intermediateImages(said: string): readonly string[] {
  const made: string[] = [];
  const steps = said.split(/^Step \d+\/\d+ : /m).slice(1);
  for (const step of steps) {
    const id = /^ ---> ([0-9a-f]{12})$/m.exec(step)?.[1];
    if (id !== undefined && !/^FROM /i.test(step) && !step.includes(" ---> Using cache")) made.push(id);
  }
  return made.reverse();
}
