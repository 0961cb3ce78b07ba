import { askTool, type Builder, commonArguments, runBuild } from "./builder.ts";

/** Podman, with its own store or its service. */
export const podman: Builder = {
  id: "podman",
  summary: "Podman",
  program: "podman",
  runs: true,
  available: async (job) => (await askTool("podman", ["info", "--format", "{{.Host.OS}}"], job)) !== undefined,
  build(request, job) {
    const ignore = request.ignoreFile === undefined ? [] : ["--ignorefile", request.ignoreFile];
    const args = ["build", "--layers", "--force-rm", ...ignore, ...commonArguments(request), request.context];
    return runBuild("podman", args, request, job, `containers-storage:localhost/${request.tag}`);
  },
};
