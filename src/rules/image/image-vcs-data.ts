import { contentRule } from "../content-rule.ts";
import type { Rule } from "../rule.ts";

export const imageVcsData: Rule<"image"> = contentRule({
  id: "image-vcs-data",
  class: "vcs-data",
  severity: "high",
  risk: 0,
  measures: ["dockerignore-gap"],
  summary: "The history of a project is in the image",
  why: `A \`.git\` directory (a bare one, Subversion's or Mercurial's as well) holds every version of every file,
those with passwords that were deleted since, names and mail addresses. Whoever can pull the image can read it.
Nothing that runs needs it; a version string can be given as a build argument.`,
  aliases: ["DKL-LI-0003"],
  what: "the history of a project",
  spare: "nothing that runs reads it, and it tells what was ever in the project",
  least: 0,
  fix: () => "Add .git to .dockerignore; after a git clone in a RUN, remove .git in that RUN",
  examples: [
    {
      title: "a project copied with its history, and a bare repository",
      layers: [
        {
          "app/.git/HEAD": "ref: x",
          "app/.git/objects/": "",
          "app/.git/refs/": "",
          "app/.git/objects/pack/a.pack": 900_000,
          "app/x": "",
        },
        { "srv/r.git/HEAD": "ref: x", "srv/r.git/objects/": "", "srv/r.git/refs/": "" },
      ],
      instructions: ["COPY . /app"],
      reports: ["app/.git", "srv/r.git"],
    },
    { title: "a file that is called HEAD", layers: [{ "app/HEAD": "x", "app/.gitignore": "x" }], reports: [] },
  ],
});
