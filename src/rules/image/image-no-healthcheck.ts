import { inImage } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import type { Rule } from "../rule.ts";

export const imageNoHealthcheck: Rule<"image"> = {
  id: "image-no-healthcheck",
  subject: "image",
  aim: "correctness",
  severity: "low",
  summary: "The image offers a service and no way to see whether it answers",
  why: `Docker, Compose and Swarm see only whether the process lives, unless HEALTHCHECK tells them how to see whether
it answers. Kubernetes does not read it: there probes do this. An image without exposed ports is taken for a tool and
needs none.`,
  measures: ["healthcheck-missing"],
  aliases: ["CIS-DI-0006", "DL3057", "DS-0026"],
  *check({ image }) {
    const { hasHealthcheck, exposedPorts } = image.config;
    if (hasHealthcheck || exposedPorts.length === 0) return;
    yield {
      message: `nothing tells whether the service behind ${exposedPorts.slice(0, 3).join(", ").slice(0, 60)} answers`,
      at: inImage(image),
      ...assistedFix(
        "HEALTHCHECK --interval=30s --timeout=3s CMD with a client the image has, best the program itself",
      ),
    };
  },
  examples: [
    { title: "a service", layers: [{ x: "" }], config: { exposedPorts: ["80/tcp"] }, reports: [""] },
    { title: "a tool", layers: [{ x: "" }], reports: [] },
    {
      title: "a service that is checked",
      layers: [{ x: "" }],
      config: { exposedPorts: ["80/tcp"], hasHealthcheck: true },
      reports: [],
    },
  ],
};
