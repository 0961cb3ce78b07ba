import { askTool, type Builder, commonArguments, runBuild } from "./builder.ts";

/** Buildah, which builds and does not run: what it makes is proved without a smoke test. */
export const buildah: Builder = {
  id: "buildah",
  summary: "Buildah, without a smoke test, as it runs nothing",
  program: "buildah",
  runs: false,
  available: async (job) => (await askTool("buildah", ["info", "--format", "{{.host.os}}"], job)) !== undefined,
  build(request, job) {
    const ignore = request.ignoreFile === undefined ? [] : ["--ignorefile", request.ignoreFile];
    const args = ["build", "--layers", "--force-rm", ...ignore, ...commonArguments(request), request.context];
    return runBuild("buildah", args, request, job, `containers-storage:localhost/${request.tag}`);
  },
};
