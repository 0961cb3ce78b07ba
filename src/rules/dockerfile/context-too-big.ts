import { assistedFix, inSource } from "../problem.ts";
import { contextCopies, wholeContextCopy } from "../reading/context.ts";
import type { Rule } from "../rule.ts";

export const contextTooBig: Rule<"dockerfile"> = {
  id: "context-too-big",
  subject: "dockerfile",
  aim: "speed",
  severity: "info",

  summary: "The build context is large",
  why: `All that is not ignored is read, hashed and sent to the builder before the first step, and \`COPY . .\` stores it. Leave out what the image does not need, or
build from a smaller directory.`,

  *check({ dockerfile, context }, known) {
    const copy = wholeContextCopy(dockerfile) ?? contextCopies(dockerfile)[0];
    if (!context || !copy) return;
    const sent = context.files.filter((file) => !file.ignored);
    const total = sent.reduce((sum, file) => sum + file.size, 0);
    if (total <= known.policy.contextLimit) return;
    const tops = new Map<string, number>();
    for (const file of sent) {
      const top = file.path.split("/")[0] ?? file.path;
      tops.set(top, (tops.get(top) ?? 0) + file.size);
    }
    const heaviest = [...tops].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3);
    yield {
      message: `the context is ${megabytes(total)}, most of it ${heaviest.map(([path, size]) => `${path} (${megabytes(size)})`).join(", ")}`,
      at: inSource(dockerfile, copy.source.range),
      bytes: { value: total, basis: "measured" },
      ...assistedFix("Leave out what the image does not need"),
    };
  },
  examples: [
    {
      title: "above the limit",
      text: "FROM a\nCOPY «.» .\n",
      context: { "data.bin": "xxxxxxxxxxxx", "a.js": "x" },
      policy: { contextLimit: 10 },
    },
    { title: "below it", text: "FROM a\nCOPY . .\n", context: { "a.js": "x" }, policy: { contextLimit: 1000 } },
    { title: "no context to look at", text: "FROM a\nCOPY . .\n" },
  ],
};

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${bytes} B` : `${Number((bytes / 1e6).toPrecision(3))} MB`;
}
