import type { Edit } from "../../core/index.ts";
import {
  addFlag,
  type Dockerfile,
  findOption,
  instructionsOf,
  isEditable,
  removeWord,
  type RunInstruction,
  type ShellCommand,
  subcommandOf,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { userOfInstruction } from "../reading/current-user.ts";
import { pipInstalls } from "../reading/pip.ts";
import type { Known, Rule } from "../rule.ts";

export const cacheMountMissing: Rule<"dockerfile"> = {
  id: "cache-mount-missing",
  subject: "dockerfile",
  aim: "speed",
  severity: "info",
  optIn: true,
  summary: "What is downloaded for one build is downloaded again for the next",
  why: `When a layer is built again because one dependency changed, all of them are fetched again. A cache mount keeps the package manager's
cache beside the layers: \`RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\`. It is never in the image.
BuildKit is needed, so the rule speaks only in files that already use it. It helps where builds run on the same machine, or where
their caches are carried along.`,
  *check({ dockerfile }, known) {
    if (!usesBuildKit(dockerfile)) return;
    for (const run of instructionsOf(dockerfile, "RUN")) {
      if (run.flags.some(({ name, value }) => name === "mount" && /type=(?:cache|tmpfs)/.test(value?.raw ?? "")))
        continue;
      for (const cache of caches) {
        const command = cache.find(run);
        if (!command) continue;
        yield {
          message: `${command.name} fetches everything again whenever this layer is built`,
          at: inSource(dockerfile, { start: command.nameWord.range.start, end: lastWord(command) }),
          ...fixFor(dockerfile, run, command, cache, known),
        };
        break;
      }
    }
  },
  examples: [
    {
      title: "pip, with the option that keeps no cache",
      text: "# syntax=docker/dockerfile:1\nFROM python:3.12\nRUN «pip install» --no-cache-dir -r requirements.txt\n",
      fixed:
        "# syntax=docker/dockerfile:1\nFROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
    },
    {
      title: "npm and Go",
      text: "# syntax=docker/dockerfile:1\nFROM node:20 AS web\nRUN «npm ci»\nFROM golang:1.24\nRUN «go build» -o /x .\n",
      fixed:
        "# syntax=docker/dockerfile:1\nFROM node:20 AS web\nRUN --mount=type=cache,target=/root/.npm npm ci\nFROM golang:1.24\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /x .\n",
    },
    {
      title: "another user's cache is another directory",
      text: "# syntax=docker/dockerfile:1\nFROM python:3.12\nUSER app\nRUN «pip install» flask\n",
    },
    {
      title: "mounted, emptied in the same RUN, or a file for any builder",
      text: "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\nRUN --mount=type=bind,target=/src npm ci && npm cache clean --force\n",
    },
    { title: "any builder", text: "FROM python:3.12\nRUN pip install flask\n" },
  ],
};

interface Cache {
  find(run: RunInstruction): ShellCommand | undefined;
  /** Of root, where the images of the language have it. */
  readonly targets: readonly string[];
  /** The option that would keep the cache empty. */
  readonly without?: string;
}

const caches: readonly Cache[] = [
  {
    find: (run) => (/pip3? cache purge/.test(run.argumentsText) ? undefined : pipInstalls(run)[0]?.command),
    targets: ["/root/.cache/pip"],
    without: "--no-cache-dir",
  },
  { find: verb("npm", /^(?:ci|install|i)$/, /npm cache clean|\.npm\b/), targets: ["/root/.npm"] },
  { find: verb("yarn", /^install$/, /yarn cache clean/), targets: ["/usr/local/share/.cache/yarn"] },
  { find: verb("uv", /^(?:sync|pip)$/, /--no-cache|uv cache clean/), targets: ["/root/.cache/uv"] },
  { find: verb("composer", /^install$/, /--no-cache|composer clear-?cache/), targets: ["/root/.composer/cache"] },
  {
    find: verb("go", /^(?:build|install|mod|test)$/, /go clean/),
    targets: ["/go/pkg/mod", "/root/.cache/go-build"],
  },
  { find: verb("cargo", /^(?:build|fetch|install)$/, /rm -rf/), targets: ["/usr/local/cargo/registry"] },
  { find: verb("mvn", /^/, /-Dmaven\.repo\.local|rm -rf/), targets: ["/root/.m2"] },
];

function verb(name: string, verbs: RegExp, unless: RegExp): Cache["find"] {
  return (run) =>
    unless.test(run.argumentsText)
      ? undefined
      : run.script.named(name).find((command) => verbs.test(subcommandOf(command) ?? ""));
}

function usesBuildKit(dockerfile: Dockerfile): boolean {
  return (
    dockerfile.directives.some(({ name }) => name === "syntax") ||
    dockerfile.instructions.some(
      ({ keyword, flags, heredocs }) =>
        heredocs.length > 0 || (keyword === "RUN" && flags.some(({ name }) => name === "mount")),
    )
  );
}

function lastWord({ nameWord, args }: ShellCommand): number {
  const at = args.findIndex(({ raw }) => !raw.startsWith("-") && raw !== "pip");
  return args[at]?.range.end ?? nameWord.range.end;
}

function fixFor(
  dockerfile: Dockerfile,
  run: RunInstruction,
  command: ShellCommand,
  { targets, without }: Cache,
  known: Known,
): ReturnType<typeof likelyFix> {
  const mounts = targets.map((target) => `--mount=type=cache,target=${target}`).join(" ");
  const { user } = userOfInstruction(dockerfile, run, known);
  if ((user !== undefined && user !== "root" && user !== "0") || !isEditable(run))
    return assistedFix(`Mount a cache where this user has its own, like ${mounts}`);
  const option = without === undefined ? undefined : findOption(command, without);
  const edits: Edit[] = [addFlag(dockerfile, run, mounts)];
  if (option) edits.push(removeWord(dockerfile, option.range));
  return likelyFix("Mount the cache, if it has not been moved elsewhere", edits);
}
