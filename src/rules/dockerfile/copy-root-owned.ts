import type { Edit, Fix, Problem } from "../../core/index.ts";
import {
  addFlag,
  type CommandInstruction,
  type CopyInstruction,
  type Dockerfile,
  insertLineBefore,
  type Instruction,
  type InstructionOf,
  instructionsOf,
  type RunInstruction,
  shippedInstructions,
} from "../../syntax/index.ts";
import { assistedFix, inSource, likelyFix } from "../problem.ts";
import { baseOf } from "../reading/base-of.ts";
import { finalUser, userOf, userOfInstruction } from "../reading/current-user.ts";
import { instructionsBefore, ownedBy, resolved, type RootOwned, rootOwned } from "../reading/root-owned.ts";
import { creationsBefore } from "../reading/service-user.ts";
import { whereSaid } from "../reading/where-said.ts";
import { type WrittenPath, writtenPaths } from "../reading/written-paths.ts";
import type { Known, Rule } from "../rule.ts";

export const copyRootOwned: Rule<"dockerfile"> = {
  id: "copy-root-owned",
  subject: "dockerfile",
  aim: "correctness",
  severity: "medium",
  summary: "Files are copied as root's, and a user without privileges must write among them",
  why: `COPY and ADD give everything to root, whatever USER says, and so does a WORKDIR above USER. A step below that runs as another
user stops with "permission denied" when it writes there, and so does a program in the container. \`COPY --chown=user\` hands
the files over while copying; a directory that WORKDIR has made needs a \`chown\` of its own, without \`-R\`. Where the program
only reads its files, root's are the better ones.`,
  check: whereSaid(/^[ \t]*USER\b/im, function* ({ dockerfile }, known) {
    const told = new Set<CopyInstruction>();
    let left = mostPaths;
    for (const { step, by, written } of stepsOfUsers(dockerfile, known)) {
      if (left-- === 0) break;
      const owned = rootOwned(dockerfile, step, written, known);
      if (!owned || told.has(owned.copy)) continue;
      told.add(owned.copy);
      yield {
        message: `this belongs to root, and ${userOf(by) ?? "another user"} writes ${written.path} below`,
        at: inSource(dockerfile, owned.copy.target.range),
        related: [{ at: inSource(dockerfile, written.command.range), message: "it is written here" }],
        ...fixFor(dockerfile, owned, by, known),
      };
    }
    yield* volumesOfRoot(dockerfile, known);
  }),
  examples: [
    {
      title: "dependencies are installed as the base's user",
      text: 'FROM node:20\nWORKDIR /app\nCOPY package.json package-lock.json «./»\nUSER node\nRUN npm ci\nCOPY src src\nCMD ["node", "src/main.js"]\n',
      fixed:
        'FROM node:20\nWORKDIR /app\nCOPY --chown=node package.json package-lock.json ./\nRUN chown node /app\nUSER node\nRUN npm ci\nCOPY src src\nCMD ["node", "src/main.js"]\n',
    },
    {
      title: "the directory came with the copy",
      text: "FROM debian:12\nUSER 1000:1000\nCOPY . «/app»\nRUN mkdir /app/data && touch /app/data/x\n",
      fixed:
        "FROM debian:12\nUSER 1000:1000\nCOPY --chown=1000:1000 . /app\nRUN mkdir /app/data && touch /app/data/x\n",
    },
    {
      title: "a file of the copy is written, by a user made above",
      text: "FROM debian:12\nRUN useradd app\nCOPY ./app «/srv/app»\nUSER app\nRUN cd /srv/app && echo a=b >> settings.ini\n",
      fixed:
        "FROM debian:12\nRUN useradd app\nCOPY --chown=app ./app /srv/app\nUSER app\nRUN cd /srv/app && echo a=b >> settings.ini\n",
    },
    {
      title: "the user is made below the copy",
      text: "FROM debian:12\nCOPY . «/app»\nRUN useradd app\nUSER app\nRUN touch /app/log\n",
    },
    {
      title: "the program's own command, in a stage on top",
      text: "FROM debian:12 AS base\nCOPY run «/app/»\nFROM base\nUSER 1000\nCMD date > /app/started && exec /app/run\n",
    },
    {
      title: "a directory that nothing brings",
      text: "FROM node:20\nCOPY package.json «/app/»\nCOPY a.js b.js /app/lib/\nWORKDIR /app\nUSER node\nRUN mkdir -p /app/logs\n",
      fixed:
        "FROM node:20\nCOPY --chown=node package.json /app/\nCOPY --chown=node a.js b.js /app/lib/\nWORKDIR /app\nUSER node\nRUN mkdir -p /app/logs\n",
    },
    {
      title: "WORKDIR above USER makes it root's",
      text: "FROM node:20\nWORKDIR /app\nUSER node\nCOPY . «.»\nRUN npm ci && npm run build\n",
      fixed:
        "FROM node:20\nWORKDIR /app\nRUN chown node /app\nUSER node\nCOPY --chown=node . .\nRUN npm ci && npm run build\n",
    },
    {
      title: "tools that write in the project",
      text: "FROM gradle:8-jdk21 AS a\nCOPY . «/src/app»\nWORKDIR /src/app\nUSER 1000\nRUN ./gradlew build\nFROM python:3.12\nCOPY . «/app»\nUSER 1000\nRUN python -m venv /app/.venv\n",
      fixed:
        "FROM gradle:8-jdk21 AS a\nCOPY --chown=1000 . /src/app\nWORKDIR /src/app\nUSER 1000\nRUN ./gradlew build\nFROM python:3.12\nCOPY --chown=1000 . /app\nUSER 1000\nRUN python -m venv /app/.venv\n",
    },
    {
      title: "tools that write elsewhere",
      text: "FROM python:3.12\nCOPY . /app\nWORKDIR /app\nUSER 1000\nRUN pip install --user -r requirements.txt && python -m venv /tmp/venv && npm install -g x && yarn\n",
    },
    {
      title: "another directory is handed over",
      text: "FROM debian:12\nRUN useradd app\nWORKDIR /app\nCOPY x.py y.py «.»\nRUN mkdir log && chown app log && chmod +x /app/x.py\nUSER app\nRUN touch log/a && touch /app/state\n",
      fixed:
        "FROM debian:12\nRUN useradd app\nWORKDIR /app\nCOPY --chown=app x.py y.py .\nRUN mkdir log && chown app log && chmod +x /app/x.py\nRUN chown app /app\nUSER app\nRUN touch log/a && touch /app/state\n",
    },
    {
      title: "a volume among the files",
      text: 'FROM debian:12\nRUN useradd app\nWORKDIR /app\nCOPY . .\nVOLUME «/app/data» /app/config\nUSER app\nCMD ["./run"]\n',
    },
    {
      title: "handed over, then or later",
      text: "FROM debian:12\nRUN useradd app\nCOPY --chown=app . /app\nCOPY . /b\nRUN chown -R app /b\nCOPY x /c/\nRUN mkdir /c/data && chmod -R a+w /c\nUSER app\nRUN touch /app/x /b/x /c/x\n",
    },
    {
      title: "WORKDIR below USER makes the user's own directory",
      text: "FROM node:20\nUSER node\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n",
    },
    {
      title: "sudo",
      text: "FROM debian:12\nCOPY . /app\nUSER 1000\nWORKDIR /app\nRUN sudo chmod -R a+w . && touch x\nRUN touch y\n",
    },
    {
      title: "the user has made it",
      text: "FROM node:20\nUSER node\nRUN mkdir /home/node/app\nCOPY . /home/node/app/\nRUN touch /home/node/app/x\n",
    },
    {
      title: "root again, another place, a cache, or only reading",
      text: "FROM debian:12\nCOPY . /app\nUSER 1000\nRUN touch /tmp/x && ls /app > /dev/null && cp /app/x /tmp/y\nRUN --mount=type=cache,target=/app/cache touch /app/cache/x\nUSER root\nRUN touch /app/x\nUSER 1000\n",
    },
    {
      title: "only perhaps: behind ||, in a branch, where the directory may be there",
      text: "FROM debian:12\nCOPY . /app\nRUN mkdir /app/cache\nUSER 1000\nRUN mkdir -p /app/cache\nRUN test -w /app || touch /app/x\nRUN if test -w /app; then touch /app/y; fi\nRUN mkdir -p /app/data\n",
    },
    {
      title: "a base nobody knows, a user's home, a script that may hand it over, files of a stage",
      text: "FROM registry.example.com/x:1\nCOPY . /app\nUSER app\nRUN touch /app/x\nFROM node:20\nCOPY . /home/node\nUSER node\nRUN touch /home/node/x\nFROM debian:12 AS c\nCOPY . /app\nRUN /app/setup.sh\nUSER 1000\nRUN touch /app/x\nFROM debian:12\nCOPY --from=c /app /app\nUSER 1000\nRUN touch /app/x\n",
    },
    {
      title: "the user's home is made there",
      text: "FROM debian:12\nRUN useradd -m -d /app app\nCOPY x /app/\nUSER app\nRUN touch /app/y\n",
    },
    {
      title: "a volume that is the user's, or root's program",
      text: "FROM debian:12 AS a\nCOPY . /app/\nRUN useradd app && mkdir /app/data && chown app /app/data\nVOLUME /app/data\nUSER app\nFROM debian:12\nCOPY . /app/\nVOLUME /app/data\n",
    },
  ],
};

/** Written paths looked at, so that a file made to be slow is not: each is held against all that comes before it. */
const mostPaths = 200;

interface UserStep {
  readonly step: RunInstruction | CommandInstruction;
  readonly by: InstructionOf<"USER">;
  readonly written: WrittenPath;
}

/** Volumes below copied files that nobody hands over to the user of the container: Docker makes them as root's. */
function* volumesOfRoot(dockerfile: Dockerfile, known: Known): Generator<Problem> {
  const { user, by } = finalUser(dockerfile, known);
  const stage = dockerfile.stages.at(-1);
  if (!stage || !by || user === undefined || user === "root") return;
  const before = instructionsBefore(dockerfile, stage, Number.POSITIVE_INFINITY);
  for (const volume of shippedInstructions(dockerfile, "VOLUME"))
    for (const word of volume.words) {
      const path = resolved(dockerfile, volume, word.value);
      if (path === undefined || !word.value?.startsWith("/") || forReading.test(path)) continue;
      const owned = ownedBy(dockerfile, stage, before, path, known);
      if (!owned) continue;
      yield {
        message: `${user} cannot write to this volume: it belongs to root`,
        severity: "low",
        at: inSource(dockerfile, word.range),
        related: [{ at: inSource(dockerfile, owned.copy.target.range), message: "so does what is copied around it" }],
        ...assistedFix(`Make it above VOLUME as ${user}'s: mkdir -p ${path} && chown ${user} ${path}`),
      };
    }
}

/** Volumes that are filled from outside, and only read. */
const forReading = /conf|cert|ssl|key|secret|static|template|theme|locale|public|html/i;

/** What steps and the program in the container write as a user of which a USER says that it is not root. */
function* stepsOfUsers(dockerfile: Dockerfile, known: Known): Generator<UserStep> {
  for (const step of instructionsOf(dockerfile, "RUN")) {
    const { user, by } = userOfInstruction(dockerfile, step, known);
    if (!by || user === undefined || user === "root") continue;
    for (const written of writtenPaths(dockerfile, step)) yield { step, by, written };
  }
  const { user, by } = finalUser(dockerfile, known);
  if (!by || user === undefined || user === "root") return;
  // A CMD beside an ENTRYPOINT may be but its arguments.
  const starts = [...shippedInstructions(dockerfile, "CMD"), ...shippedInstructions(dockerfile, "ENTRYPOINT")];
  const [start] = starts;
  if (starts.length !== 1 || !start) return;
  for (const written of writtenPaths(dockerfile, start)) yield { step: start, by, written };
}

/** The owner while copying, where that user is there already, and of the directory where it is older. */
function fixFor(
  dockerfile: Dockerfile,
  { copy, copies, directory, madeBy }: RootOwned,
  by: InstructionOf<"USER">,
  known: Known,
): { fix?: Fix } {
  const owner = by.words[0]?.raw ?? "";
  const name = userOf(by) ?? "";
  const advice = assistedFix(
    madeBy ? `Give ${directory} to ${name}: chown of it alone, and COPY --chown` : `Copy with --chown=${owner}`,
  );
  const stage = dockerfile.stages[copy.stage];
  if (!stage || by.stage !== copy.stage || !/^[\w.-]+(?::[\w.-]+)?$/.test(owner)) return advice;
  const there =
    /^\d+$/.test(name) ||
    baseOf(dockerfile, stage, known).passwd?.includes(name) === true ||
    creationsBefore(dockerfile, copy.stage, copy.index).some((one) => one.kind === "user" && one.name.value === name);
  if (!there || (madeBy && !canHandOver(dockerfile, madeBy, by, known))) return advice;
  const edits: Edit[] = copies
    .filter((one) => one.stage === copy.stage)
    .map((one) => addFlag(dockerfile, one, `--chown=${owner}`));
  if (madeBy) edits.push(insertLineBefore(dockerfile, by, `RUN chown ${owner} ${directory}`));
  return likelyFix(`Give it to ${name}, if it is ${name}'s to change`, edits);
}

/** Whether root is at work just above a USER, and the directory is there. */
function canHandOver(dockerfile: Dockerfile, madeBy: Instruction, by: InstructionOf<"USER">, known: Known): boolean {
  return (
    madeBy.stage === by.stage && madeBy.index < by.index && userOfInstruction(dockerfile, by, known).user === "root"
  );
}
