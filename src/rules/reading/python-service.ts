import type { Dockerfile, Stage } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { type Installer, installedApart } from "./installed-apart.ts";
import { pipInstalls } from "./pip.ts";
import type { Split } from "./split-stage.ts";

const directory = "/opt/venv";
/** Options by which pip installs elsewhere, or builds with what an environment of its own lacks. */
const elsewhere =
  /^(?:--user|--target|-t|--prefix|--root|--editable|-e|--no-build-isolation|--break-system-packages|--no-warn-script-location|--python)(?:=|$)/;

const pip: Installer = {
  takes: ({ official }) => official === "python",
  calls: (run) =>
    pipInstalls(run)
      .map(({ command }) => command)
      .filter(({ args }) => !args.some(({ raw }) => elsewhere.test(raw))),
  serves: () => false,
  directory,
  manifests:
    /^(?:\.\/)?(?:[\w./-]*requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg))$/,
  elsewhere: /\/usr\/local\/(?:s?bin|lib\/python)/,
  ownHeaders: /^libpython[\d.]*-dev$/,
  before: [`RUN python -m venv ${directory}`],
  settings: [`ENV PATH=${directory}/bin:$PATH`],
  title:
    "Install the requirements in a stage of their own and ship their virtual environment, if they need no other library of the system",
};

/** Cuts a Python service in two: its requirements go into a virtual environment, which the second stage takes over. */
export function pythonSplit(dockerfile: Dockerfile, stage: Stage, known: Known): Split | undefined {
  return installedApart(dockerfile, stage, known, pip);
}
