import type { BuildContext } from "../../core/index.ts";
import { chainOf, type Dockerfile, instructionsOf, type Stage } from "../../syntax/index.ts";
import { compilesNothing } from "./compiles.ts";
import { contextTexts } from "./context-texts.ts";
import { installs, packageName } from "./package-managers.ts";

/** Programs that the full variants of language images have and their slim ones have not. */
const fatOnly =
  "git|hg|svn|bzr|ssh|scp|curl|wget|gcc|g\\+\\+|cc|c\\+\\+|make|cmake|patch|file|unzip|convert|identify|mogrify|pg_config|mysql_config|pkg-config|autoconf|automake|ps|top|pkill|pgrep|gpg|openssl|sqlite3|xz|bzip2|ping|netstat";
const called = new RegExp(`^(?:${fatOnly})$`);
const quoted = new RegExp(`["'\`](?:/usr/bin/)?(?:${fatOnly})(?:["'\`]|\\s[^"'\`\\n]*["'\`])`);
const starts = /\b(?:subprocess|os\.system|popen|child_process|execvp?|spawn|execFile|system|backticks)\b/;
/** Parts of the system's libraries that only the full variant has: found by name at run time. */
/** Packages for Node that are linked to libraries, or call programs, which only the full variant has. */
const linked =
  /"(?:canvas|pg-native|libpq|node-rdkafka|mapnik|gdal(?:-async)?|odbc|usb|robotjs|kerberos|node-libcurl|gm|imagemagick|simple-git|nodegit)"\s*:/;
const loads =
  /\b(?:ctypes\.(?:CDLL|cdll|util)|find_library|ffi\.dlopen|ffi-napi|dlopen)\b|\b(?:import|from) (?:cv2|magic|cairo|MySQLdb|wand)\b/;

/**
 * Whether a stage does well with the slim variant of its language's image: no step compiles or calls what only the full one
 * has, and neither does the project's code. False where not all of this can be read.
 */
export function slimIsEnough(dockerfile: Dockerfile, stage: Stage, context: BuildContext | undefined): boolean {
  if (!context || !compilesNothing(dockerfile, context)) return false;
  const texts = contextTexts(context);
  if (!texts) return false;
  for (const { path, text } of texts) {
    if (loads.test(text) || (path.endsWith("package.json") && linked.test(text))) return false;
    if (/\.(?:sh|bash)$|(?:^|\/)[^./]+$/.test(path) && new RegExp(`(?:^|[\\s;&|(])(?:${fatOnly})\\s`, "m").test(text))
      return false;
    if (starts.test(text) && quoted.test(text)) return false;
  }
  return callsNothingFat(dockerfile, stage) && !borrows(dockerfile, stage);
}

/** Whether the slim variant of a distribution's own image is enough: it lacks documentation and translations alone. */
export function leanIsEnough(dockerfile: Dockerfile, stage: Stage): boolean {
  return chainOf(dockerfile, stage.index).every(({ instructions }) =>
    instructions.every(
      (one) =>
        one.keyword !== "RUN" ||
        (!one.script.broken &&
          !/\/usr\/share\/(?:doc|man|locale|info)\b|\bdpkg-divert\b|\bunminimize\b/.test(one.argumentsText) &&
          !one.script.commands.some(({ name }) => /^(?:man|mandb|locale)$/.test(name)) &&
          // Their set-up scripts link manual pages, and fail where that directory was left out.
          !installs(one).some((call) =>
            call.packages.some((word) => /openjdk|-jdk|-jre|postgresql-client|^man/.test(packageName(word))),
          )),
    ),
  );
}

function callsNothingFat(dockerfile: Dockerfile, stage: Stage): boolean {
  const installed = new Set<string>();
  for (const { instructions } of chainOf(dockerfile, stage.index).toReversed())
    for (const one of instructions) {
      if (!("script" in one)) continue;
      for (const { name, args } of one.script.commands)
        if (called.test(name) && !installed.has(name) && !isConfigCall(name, args[0]?.raw)) return false;
      if (one.keyword === "RUN")
        for (const call of installs(one)) for (const word of call.packages) installed.add(packageName(word));
    }
  return true;
}

/** `git config` in a step that is allowed to fail says nothing of the program. */
function isConfigCall(name: string, verb: string | undefined): boolean {
  return name === "git" && verb === "config";
}

/** Whether another stage copies system files out of this one. */
function borrows(dockerfile: Dockerfile, stage: Stage): boolean {
  return instructionsOf(dockerfile, "COPY").some(({ flags }) => {
    const from = flags.find(({ name }) => name === "from")?.value?.value;
    return from !== undefined && (from === String(stage.index) || from === stage.name?.value);
  });
}
