import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imagePythonBytecode: Rule<"image"> = contentRule({
  id: "image-python-bytecode",
  class: "python-bytecode",
  severity: "low",
  risk: 1,
  summary: "Compiled Python lies beside its source",
  why: `Python compiles a module when it is first imported and keeps the result in \`__pycache__\`. Without it
programs start as before, only a little later (the first import compiles again, in memory if the directory cannot be
written). Files counted here have their source beside them; a \`.pyc\` without a source is the program itself and is
left alone.`,
  what: "compiled Python",
  spare: "the source of each lies beside it",
  least: 1_000_000,
  fix: () =>
    "ENV PYTHONDONTWRITEBYTECODE=1 before the RUN that brings them, pip install --no-compile; keep them where start-up time matters more",
  examples: [
    {
      title: "with their sources",
      layers: [
        {
          "app/m.py": 900_000,
          "app/__pycache__/m.cpython-312.pyc": 1_200_000,
          "app/__pycache__/m.cpython-312.opt-1.pyc": 5,
        },
      ],
      reports: ["app/__pycache__"],
    },
    {
      title: "a program that is there in its compiled form alone",
      layers: [{ "app/__pycache__/m.cpython-312.pyc": 1_200_000, "app/n.pyc": 1_200_000 }],
      reports: [],
    },
  ],
});
