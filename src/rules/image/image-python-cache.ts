import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imagePythonCache: Rule<"image"> = contentRule({
  id: "image-python-cache",
  class: "python-cache",
  severity: "medium",
  risk: 0,
  measures: ["pip-cache-kept"],
  summary: "Caches of pip, uv or Poetry are in the image",
  why: `They hold what was downloaded and built in case it is installed once more. In an image it is not: what is
installed is elsewhere, and the same packages lie in the image twice.`,
  what: "packages that pip, uv or Poetry keep",
  spare: "what is installed from them lies elsewhere",
  fix: () => "pip install --no-cache-dir (uv: --no-cache), or RUN --mount=type=cache,target=/root/.cache",
  examples: [
    {
      title: "wheels and pages",
      layers: [{ "root/.cache/pip/http-v2/a/b": 40_000_000, "root/.cache/pip/selfcheck/x": 10 }],
      reports: ["root/.cache/pip"],
    },
    {
      title: "two users' caches",
      layers: [{ "home/app/.cache/uv/x": 4_000_000, "root/.cache/pip/x": 40_000_000 }],
      reports: ["root/.cache/pip"],
    },
    {
      title: "another cache, and too little",
      layers: [{ "root/.cache/huggingface/model.bin": 900_000_000, "root/.cache/pip/x": 10 }],
      reports: [],
    },
  ],
});
