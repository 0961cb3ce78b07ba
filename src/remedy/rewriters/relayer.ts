import { composeLayers } from "./compose.ts";
import type { Rewriter } from "./rewriter.ts";

/**
 * Layers by how often their files change, rarely changing ones first, so that the next version of an image shares as many as it
 * can: what the system's packages brought, the application's dependencies, the application, and what every build writes anew.
 */
export const relayer: Rewriter = {
  id: "relayer",
  summary: "layers that the next version shares: system, dependencies, application, traces of the build",
  onlySmaller: false,
  plan: (subject) => composeLayers(subject, groups, groupOf),
};

const groups = ["system", "dependencies", "application", "traces of the build"];

const traces =
  /^(?:tmp|run|var\/(?:log|cache|tmp|run)|root\/\.[^/]+|etc\/(?:ld\.so\.cache|machine-id|hostname|.*-)|var\/lib\/(?:dpkg|apt|systemd|dnf)\/(?:.*-old|lists|catalog|.*lock|history.*)|etc\/apk\/cache)(?:\/|$)/;
const dependencies =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.venv|venv|vendor|\.m2|\.gradle|\.cargo|\.bundle|gems|\.nuget|pkg\/mod)(?:\/|$)/;
const system = /^(?:bin|sbin|lib(?:32|64|x32)?|usr|etc|var|opt\/java|boot|srv\/?$)(?:\/|$)/;
const ofApplication = /^usr\/(?:src|local\/(?:src|app|share\/app))(?:\/|$)/;

function groupOf(path: string): number {
  if (traces.test(path)) return 3;
  // What the distribution's own package manager owns is no application's dependency.
  if (dependencies.test(path) && !/^usr\/(?:lib|share)\//.test(path)) return 1;
  return system.test(path) && !ofApplication.test(path) ? 0 : 2;
}
