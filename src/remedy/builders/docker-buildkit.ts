import { askTool, type Builder, commonArguments, runBuild } from "./builder.ts";

/** A Docker Engine's BuildKit, through buildx where the client has it. */
export const dockerBuildkit: Builder = {
  id: "docker-buildkit",
  summary: "Docker Engine with BuildKit",
  program: "docker",
  runs: true,
  async available(job) {
    const versions = await askTool(
      "docker",
      ["version", "--format", "{{.Client.Version}} {{.Server.Os}} {{.Server.Version}}"],
      job,
    );
    const [, client, , server] = /^(\d+)\S* (linux|windows) (\d+)/.exec(versions ?? "") ?? [];
    if (client === undefined || Number(server) < 19) return false;
    // From 23 on the client builds with BuildKit through buildx alone.
    return Number(client) < 23 || (await hasBuildx(job));
  },
  async build(request, job) {
    const env = { ...job.env, DOCKER_BUILDKIT: "1", BUILDX_NO_DEFAULT_ATTESTATIONS: "1", BUILDKIT_PROGRESS: "plain" };
    // Builders in containers of their own hand the image over only when told to.
    const command = (await hasBuildx(job)) ? ["buildx", "build", "--load"] : ["build"];
    const args = [...command, "--progress", "plain", ...commonArguments(request), request.context];
    return runBuild("docker", args, request, { ...job, env }, `engine:${request.tag}`);
  },
};

async function hasBuildx(job: Parameters<Builder["available"]>[0]): Promise<boolean> {
  return (await askTool("docker", ["buildx", "version"], job)) !== undefined;
}
