import type { BuildContext, Edit } from "../../core/index.ts";
import {
  type Dockerfile,
  insertAt,
  normalizePath,
  removeCommand,
  removeInstruction,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { baseOf } from "./base-of.ts";
import { contextTexts } from "./context-texts.ts";
import { entryCommand } from "./entry-command.ts";
import { installs, packageName } from "./package-managers.ts";
import { isAlwaysThere, runtimeLibraries } from "./runtime-libraries.ts";
import { type Split, splitEdits, splitOf } from "./split-stage.ts";
import { isToolchain } from "./toolchain.ts";

const sources = /\.(?:c|h|cc|cpp|cxx|hpp|hh|inl|s)$/i;
const buildFiles =
  /(?:^|\/)(?:GNUm|M|m)akefile[^/]*$|(?:^|\/)CMakeLists\.txt$|\.(?:mk|cmake|am|ac|in)$|(?:^|\/)meson\.build$/;
/** Calls by which a program depends on files or programs that no linker knows of. */
const readsSystem =
  /\b(?:fopen|freopen|open|openat|open64|opendir|scandir|mmap|dlopen|dlsym|exec[lv]p?e?|posix_spawnp?|system|popen|getpwnam|getgrnam|iconv_open|bindtextdomain|magic_load)\s*\(|\b[io]?fstream\b|\bstd::filesystem\b|\bboost::/;
const ownLibrary = /-shared\b|\bSHARED\b|\.so\b|\blibtool\b|\bshared_library\b|\bdlopen\b|\binstall_data\b/;
/** Libraries that check certificates. */
const tls = /^lib(?:ssl|curl|gnutls|mariadb|pq|git2|mosquitto|websockets)/;
/** Packages of a build that leave nothing for the program. */
const buildTools =
  /^(?:git|subversion|mercurial|patch|bison|flex|gettext|gawk|m4|doxygen|valgrind|strace|vim|nano|less|file|xz-utils|bzip2|unzip|curl|wget|ca-certificates|python3(?:-minimal)?|perl|cppcheck|clang-(?:format|tidy))$/;

/**
 * Cuts a stage in two that compiles a C or C++ program from the project and starts it: the second one has the suite's slim
 * image, the libraries it is linked to, and the program. Undefined where the program may need more, or not all can be read.
 */
export function cSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext | undefined,
  known: Known,
): Split | undefined {
  const base = baseOf(dockerfile, stage, known);
  const { suite } = base;
  const split = splitOf(dockerfile, stage);
  const program = entryCommand(dockerfile, stage)?.program;
  if (!split || !program || base.family !== "debian" || suite === undefined || !context) return undefined;
  const languages = readsNothing(context);
  if (!languages || (base.sdk === "c" && languages.cpp)) return undefined;
  if (!/^\/[\w./+-]+$/.test(program) || !isMadeHere(dockerfile, stage, program)) return undefined;
  if (split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none)) return undefined;
  const needed = libraries(stage, suite);
  const setuid = setuidEdits(dockerfile, stage, program);
  if (!needed || !setuid) return undefined;
  const directory = stage.instructions.some(({ keyword }) => keyword === "WORKDIR")
    ? workdirAt(dockerfile, split.behind.at(-1) ?? split.last)
    : undefined;
  const lines = [
    ...(needed.length > 0
      ? [
          `RUN apt-get update && apt-get install -y --no-install-recommends ${needed.join(" ")} && rm -rf /var/lib/apt/lists/*`,
        ]
      : []),
    ...(directory === undefined || directory === "/" ? [] : [`WORKDIR ${directory}`]),
    `COPY --from=${split.stageName} ${program} ${program}`,
  ];
  const edits = splitEdits(dockerfile, stage, split, `debian:${suite}-slim`, lines);
  const bits = setuid.length > 0 ? ", without its setuid bit," : "";
  return {
    title: `Ship the program${bits} and the libraries it is linked to from a second stage, if nothing else of the image is used`,
    edits: setuid.length === 0 ? edits : merge(dockerfile, edits, setuid),
  };
}

/** Undefined when the sources, or how they are built, show a need for more than linked libraries. */
function readsNothing(context: BuildContext): { cpp: boolean } | undefined {
  const texts = contextTexts(context);
  if (!texts) return undefined;
  let cpp = false;
  let programs = 0;
  for (const file of context.files) {
    if (file.ignored || file.type !== "file") continue;
    if (buildFiles.test(file.path) && ownLibrary.test(context.text(file.path) ?? "dlopen")) return undefined;
    if (!sources.test(file.path)) continue;
    const text = context.text(file.path);
    if (text === undefined || ++programs > 400 || readsSystem.test(text)) return undefined;
    if (!/\.[chs]$/.test(file.path)) cpp = true;
  }
  return programs === 0 ? undefined : { cpp };
}

/** Whether a step names the program's file as what it writes, or the program lies where the project was copied to. */
function isMadeHere(dockerfile: Dockerfile, stage: Stage, program: string): boolean {
  return stage.instructions.some((one) => {
    if (one.keyword === "RUN")
      return one.script.commands.some(({ args }) => args.some(({ value }) => value === program));
    if (one.keyword !== "COPY" && one.keyword !== "ADD") return false;
    const target = one.target.value;
    const directory = workdirAt(dockerfile, one);
    if (target === undefined || (!target.startsWith("/") && directory === undefined)) return false;
    const into = normalizePath(target.startsWith("/") ? target : `${directory ?? ""}/${target}`);
    return into !== "/" && program.startsWith(`${into}/`);
  });
}

/** What the second stage has to install; undefined where a package's part in the program is not known. */
function libraries(stage: Stage, suite: string): readonly string[] | undefined {
  const needed = new Set<string>();
  for (const run of stage.instructions) {
    if (run.keyword !== "RUN") continue;
    if (run.script.broken) return undefined;
    if (run.script.commands.some(({ name }) => /^(?:curl|wget|git|dpkg|pip\d?|npm|ldconfig)$/.test(name)))
      return undefined;
    for (const call of installs(run)) {
      if (call.manager !== "apt") return undefined;
      for (const word of call.packages) {
        const name = packageName(word);
        const runtime = runtimeLibraries(name, suite);
        if (runtime) {
          for (const one of runtime) if (!isAlwaysThere(one)) needed.add(one);
        } else if (
          name.endsWith("-dev")
            ? !/^libc6-dev$|^libstdc\+\+-\d+-dev$/.test(name)
            : !isToolchain(name) && !buildTools.test(name)
        )
          return undefined;
      }
    }
  }
  if ([...needed].some((name) => tls.test(name))) needed.add("ca-certificates");
  return [...needed].sort();
}

/** What takes back a step that makes the program setuid; undefined where that cannot be taken out alone. */
function setuidEdits(dockerfile: Dockerfile, stage: Stage, program: string): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const run of stage.instructions) {
    if (run.keyword !== "RUN") continue;
    for (const command of run.script.named("chmod")) {
      const [mode, ...paths] = command.args.map(({ value }) => value);
      if (!paths.includes(program) || !/^[ua]*\+\w*s|^[246]\d{3}$/.test(mode ?? "")) continue;
      if (paths.length > 1 || !/^[ua]*\+s$/.test(mode ?? "")) return undefined;
      const drop =
        run.script.commands.length === 1
          ? [removeInstruction(dockerfile, run)]
          : removeCommand(dockerfile, run, command);
      if (!drop) return undefined;
      edits.push(...drop);
    }
  }
  return edits;
}

/** The second stage begins behind the last step: where that step goes, at the place where it stood. */
function merge(dockerfile: Dockerfile, edits: readonly Edit[], removals: readonly Edit[]): readonly Edit[] {
  const gone = removals.find((removal) => edits.some(({ range }) => range.start === removal.range.end));
  if (!gone) return [...removals, ...edits];
  return [
    ...removals.filter((one) => one !== gone),
    ...edits.map((edit) =>
      edit.range.start === gone.range.end
        ? { ...insertAt(dockerfile, gone.range.start, edit.text), range: gone.range }
        : edit,
    ),
  ];
}
