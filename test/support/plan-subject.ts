import type { PlanImage, PlanSubject } from "../../src/remedy/index.ts";
import { parseDockerfile } from "../../src/syntax/index.ts";

/** A Dockerfile and the image built from it, as plans see them, with nothing found but what the image's matches tell. */
export function planSubject(
  text: string,
  image: Omit<PlanImage, "reference" | "dockerfile">,
  more: Partial<PlanSubject> = {},
): PlanSubject {
  const path = "Dockerfile";
  return {
    findings: [],
    dockerfiles: new Map([[path, parseDockerfile({ path, text })]]),
    lockFiles: [],
    texts: new Map(),
    bases: [],
    today: "2026-11-24",
    image: { reference: "app", dockerfile: path, ...image },
    ...more,
  };
}
