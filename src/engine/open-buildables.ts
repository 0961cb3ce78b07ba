import { type Gap, PlimsollError } from "../core/index.ts";
import { type CheckRequest, contextRootOf, type Examined, openTargets } from "./check.ts";
import { type ComposeProject, readComposeProject } from "./compose-project.ts";
import type { Buildable } from "./proof-bench.ts";

/**
 * The Dockerfiles asked for, each read with the context it is built in: the one that is said, else the one that the project's
 * compose file says, else the one that its own text tells.
 * @throws PlimsollError usage.unknown-option for standard input, which cannot be built, and what `openTargets` throws
 */
export async function openBuildables(
  request: Omit<CheckRequest, "version">,
): Promise<{ readonly buildables: readonly Buildable[]; readonly gaps: readonly Gap[] }> {
  const { subjects, gaps } = await openTargets(request);
  const project = request.context === undefined ? await readComposeProject([request.root]) : undefined;
  const buildables: Buildable[] = [];
  for (const subject of subjects) {
    const said = composeContext(subject, project);
    const own =
      subject.target.file === undefined ? undefined : contextRootOf(subject.target, request, subject.dockerfile);
    const contextRoot = said ?? own;
    if (subject.target.file === undefined || contextRoot === undefined)
      throw new PlimsollError("usage.unknown-option", "what comes from standard input cannot be built", {
        hint: "name the Dockerfile",
      });
    if (contextRoot === own) buildables.push({ subject, contextRoot });
    else {
      const again = await openTargets({ ...request, targets: [subject.target.file], context: contextRoot });
      buildables.push(...again.subjects.map((one) => ({ subject: one, contextRoot })));
    }
  }
  return { buildables, gaps };
}

function composeContext({ target }: Examined, project: ComposeProject | undefined): string | undefined {
  return project?.services.find(({ build }) => build !== undefined && build.dockerfile === target.file)?.build?.context;
}
