import {
  type CopyInstruction,
  type Dockerfile,
  type Instruction,
  instructionsOf,
  isBelow,
  normalizePath,
  type RunInstruction,
  shippedStages,
  type Word,
  workdirAt,
} from "../../syntax/index.ts";
import { type Fix, LineIndex, type Problem } from "../../core/index.ts";
import { assistedFix, inSource } from "../problem.ts";
import { downloads } from "../reading/downloads.ts";
import { managerCalls, packageName } from "../reading/package-managers.ts";
import { filesInStage } from "../remedies/files-in-stage.ts";
import type { Known, Rule } from "../rule.ts";

export const deletedInLaterLayer: Rule<"dockerfile"> = {
  id: "deleted-in-later-layer",
  subject: "dockerfile",
  aim: "size",
  severity: "medium",

  summary: "What an earlier layer holds is deleted in a later one",
  why: `A deletion in a later layer hides the file and keeps its bytes: the image is as large as before and a little larger, and anybody who has the image can
still read the file. Delete in the RUN that made it, keep it out of the context, or use a bind mount or a build stage.`,

  *check({ dockerfile }, known) {
    if (!instructionsOf(dockerfile, "RUN").some(removes)) return;
    for (const index of shippedStages(dockerfile)) {
      const made = new Creations(dockerfile);
      let inStage: { fix?: Fix } | undefined;
      for (const instruction of dockerfile.stages[index]?.instructions ?? []) {
        if (instruction.keyword === "RUN") {
          for (const removal of removalsIn(dockerfile, instruction)) {
            const by = made.find(removal.path, instruction);
            if (!by) continue;
            const secret = secretName.test(removal.path);
            yield {
              message: secret
                ? `${removal.word.value ?? removal.word.raw} stays readable in the layer of line ${lineOf(dockerfile, by)}`
                : `the bytes stay in the layer of line ${lineOf(dockerfile, by)}`,
              at: inSource(dockerfile, removal.word.range),
              ...(secret ? { severity: "critical" as const } : {}),
              related: [{ at: inSource(dockerfile, by.range), message: "it came in here" }],
              ...(inStage ??= fixInStage(dockerfile, index, known)),
              ...(inStage.fix
                ? {}
                : assistedFix(
                    by.keyword === "RUN"
                      ? "Delete it in the RUN that made it"
                      : "Keep it out with .dockerignore, or use RUN --mount=type=bind",
                  )),
            };
          }
          yield* removedPackages(dockerfile, instruction, made);
        }
        made.add(instruction);
      }
    }
  },
  examples: [
    {
      title: "copied, then deleted",
      text: "FROM debian:12\nCOPY a.tgz /tmp/a.tgz\nRUN tar xf /tmp/a.tgz -C /opt && rm «/tmp/a.tgz»\n",
    },
    {
      title: "a whole directory",
      text: "FROM debian:12\nCOPY src /build/src\nRUN make -C /build/src install\nRUN rm -rf «/build»\n",
    },
    {
      title: "an archive that is unpacked and deleted by steps of their own",
      text: 'FROM alpine:3.20\nRUN adduser -D web\nCOPY media.tar /srv/media.tar\nRUN cd /srv && tar xf media.tar\nRUN rm «/srv/media.tar»\nRUN chown -R web /srv\nCMD ["/srv/serve"]\n',
      fixed:
        'FROM alpine:3.20 AS files\nCOPY media.tar /srv/media.tar\nRUN cd /srv && tar xf media.tar\nRUN rm /srv/media.tar\n\nFROM alpine:3.20\nRUN adduser -D web\nCOPY --from=files --chown=web /srv /srv\nCMD ["/srv/serve"]\n',
    },
    { title: "a secret", text: "FROM debian:12\nWORKDIR /app\nCOPY .env .\nRUN ./setup && rm «.env»\n" },
    {
      title: "packages installed before",
      text: "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nRUN apt-get purge -y «gcc»\n",
    },
    {
      title: "made and deleted in one RUN",
      text: "FROM debian:12\nRUN wget -O /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz && rm /tmp/a.tgz\n",
    },
    { title: "of the base", text: "FROM debian:12\nRUN rm -rf /usr/share/doc\n" },
    {
      title: "a build stage is not shipped",
      text: "FROM debian:12 AS build\nCOPY a /a\nRUN rm /a\nFROM scratch\nCOPY --from=build /b /b\n",
    },
  ],
};

function fixInStage(dockerfile: Dockerfile, index: number, known: Known): { fix?: Fix } {
  const stage = dockerfile.stages[index];
  return stage ? filesInStage(dockerfile, stage, known) : {};
}

const secretName =
  /(?:^|\/)(?:\.env(?:\.\w+)?|\.npmrc|\.netrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.(?:pem|key|p12|pfx|jks)|\.aws|\.ssh|credentials(?:\.json)?|\.git-credentials)$/;

/** What the layers so far have brought: paths by COPY, ADD and RUN, and packages. */
class Creations {
  readonly #dockerfile: Dockerfile;
  readonly #paths: { path: string; directory: boolean; by: Instruction }[] = [];
  readonly packages = new Map<string, RunInstruction>();

  constructor(dockerfile: Dockerfile) {
    this.#dockerfile = dockerfile;
  }

  add(instruction: Instruction): void {
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD") this.#copied(instruction);
    else if (instruction.keyword === "RUN") {
      for (const { path } of downloads(instruction))
        this.#made(absolute(this.#dockerfile, instruction, path), false, instruction);
      for (const command of instruction.script.named("git")) {
        const target = command.args[0]?.raw === "clone" ? command.args.at(-1)?.value : undefined;
        if (target !== undefined && !target.includes(":") && !target.endsWith(".git"))
          this.#made(absolute(this.#dockerfile, instruction, target), true, instruction);
      }
      for (const call of managerCalls(instruction))
        if (call.does === "install")
          for (const word of call.packages) this.packages.set(packageName(word), instruction);
    }
  }

  /** What brought a path, when it or something below it came by COPY, ADD or a download. */
  find(path: string, before: Instruction): Instruction | undefined {
    const wildcard = path.search(/[*?[]/);
    const stem = wildcard < 0 ? path : path.slice(0, wildcard);
    return this.#paths.findLast(({ path: made, directory, by }) => {
      if (by.index >= before.index) return false;
      if (wildcard >= 0) return made.startsWith(stem) && made.length > stem.length;
      return isBelow(made, path) || (directory && isBelow(path, made) && path !== made);
    })?.by;
  }

  #made(path: string | undefined, directory: boolean, by: Instruction): void {
    if (path !== undefined && path !== "/") this.#paths.push({ path, directory, by });
  }

  #copied(copy: CopyInstruction): void {
    const target = copy.target.value;
    if (target === undefined) return;
    const into = absolute(this.#dockerfile, copy, target);
    for (const source of copy.sources) {
      const name = source.value?.replace(/\/+$/, "").split("/").pop() ?? "";
      const isFile = /\.[a-z0-9]+$/i.test(name) || /^\.\w/.test(name);
      const intoDirectory = target.endsWith("/") || target === "." || copy.sources.length > 1;
      if (isFile && intoDirectory && !name.includes("*") && copy.keyword === "COPY")
        this.#made(into === undefined ? undefined : `${into === "/" ? "" : into}/${name}`, false, copy);
      else this.#made(into, !isFile || copy.keyword === "ADD", copy);
    }
  }
}

function absolute(dockerfile: Dockerfile, at: Instruction, path: string): string | undefined {
  if (path.startsWith("/")) return normalizePath(path);
  const directory = workdirAt(dockerfile, at);
  return directory === undefined || path.startsWith("~") ? undefined : normalizePath(`${directory}/${path}`);
}

/** Whether a RUN deletes anything at all, before what the layers hold is worked out. */
function removes(run: RunInstruction): boolean {
  return run.script.named("rm").length > 0 || managerCalls(run).some((call) => call.does === "remove");
}

function removalsIn(dockerfile: Dockerfile, run: RunInstruction): { path: string; word: Word }[] {
  let directory = workdirAt(dockerfile, run);
  const found: { path: string; word: Word }[] = [];
  for (const command of run.script.commands) {
    if (command.name === "cd") {
      const to = command.args[0]?.value;
      directory = to?.startsWith("/") ? to : undefined;
    }
    if (command.name !== "rm") continue;
    for (const word of command.args) {
      const { value } = word;
      if (value === undefined || value.startsWith("-") || value === "") continue;
      if (value.startsWith("/")) found.push({ path: normalizePath(value), word });
      else if (directory !== undefined) found.push({ path: normalizePath(`${directory}/${value}`), word });
    }
  }
  return found;
}

function* removedPackages(dockerfile: Dockerfile, run: RunInstruction, made: Creations): Generator<Problem> {
  for (const call of managerCalls(run)) {
    if (call.does !== "remove") continue;
    for (const word of call.packages) {
      const by = made.packages.get(packageName(word));
      if (!by) continue;
      yield {
        message: `the package stays in the layer of line ${lineOf(dockerfile, by)}`,
        at: inSource(dockerfile, word.range),
        related: [{ at: inSource(dockerfile, by.range), message: "it was installed here" }],
        ...assistedFix("Remove it in the RUN that installs it, or build in a stage of its own"),
      };
    }
  }
}

function lineOf(dockerfile: Dockerfile, instruction: Instruction): number {
  return new LineIndex(dockerfile.source.text).position(instruction.range.start).line;
}
