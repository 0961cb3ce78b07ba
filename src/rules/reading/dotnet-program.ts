import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  isBelow,
  normalizePath,
  type RunInstruction,
  type ShellCommand,
  type Stage,
  workdirAt,
} from "../../syntax/index.ts";
import { entryCommand } from "./entry-command.ts";
import { type Split, splitEdits, splitOf } from "./split-stage.ts";

/**
 * Cuts a stage in two that publishes a .NET program and starts it with `dotnet`: the second one has the runtime of the same
 * version, ASP.NET's where the project is one of that. Undefined where the published directory cannot be told.
 */
export function dotnetSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  build: RunInstruction,
  publish: ShellCommand,
  context: BuildContext | undefined,
): Split | undefined {
  const [, version, flavour = ""] =
    /^mcr\.microsoft\.com\/dotnet\/sdk:(\d+\.\d)((?:-[a-z][\w.]*)*)$/.exec(
      stage.base.kind === "image" ? (stage.base.reference ?? "") : "",
    ) ?? [];
  const split = splitOf(dockerfile, stage);
  const entry = entryCommand(dockerfile, stage);
  const output = outputOf(dockerfile, build, publish);
  const web = context && isWeb(context);
  if (version === undefined || !split || !entry || output === undefined || web === undefined) return undefined;
  const [program, library] = entry.words;
  const directory = workdirAt(dockerfile, entry.instruction);
  const assembly = library && normalizePath(library.startsWith("/") ? library : `${directory ?? ""}/${library}`);
  if (program !== "dotnet" || !assembly?.endsWith(".dll") || !isBelow(assembly, output)) return undefined;
  if (split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none)) return undefined;
  // The runtime's image sets the port, the SDK's takes that back.
  const port = Number(version) >= 8 ? "ASPNETCORE_HTTP_PORTS" : "ASPNETCORE_URLS";
  const keepsPort = web && !/ASPNETCORE_(?:HTTP_PORTS|URLS)/.test(dockerfile.source.text);
  const lines = [
    ...(keepsPort ? [`ENV ${port}=`] : []),
    ...(directory === undefined || directory === "/" ? [] : [`WORKDIR ${directory}`]),
    `COPY --from=${split.stageName} ${output} ${output}`,
  ];
  return {
    title:
      "Run what was published on the runtime of the same version, if it needs no other file and no tool of the SDK",
    edits: splitEdits(
      dockerfile,
      stage,
      split,
      `mcr.microsoft.com/dotnet/${web ? "aspnet" : "runtime"}:${version}${flavour}`,
      lines,
    ),
  };
}

function outputOf(dockerfile: Dockerfile, run: RunInstruction, publish: ShellCommand): string | undefined {
  if (
    publish.args[0]?.value !== "publish" ||
    publish.args.some(({ raw }) => /^--self-contained$|^-r$|^--runtime|PublishAot|PublishSingleFile/.test(raw))
  )
    return undefined;
  const at = publish.args.findIndex(({ raw }) => raw === "-o" || raw === "--output");
  const path = publish.args[at + 1]?.value;
  if (at < 0 || path === undefined || !/^[\w./-]+$/.test(path)) return undefined;
  if (run.script.commands.some(({ name, range }) => name === "cd" && range.start < publish.range.start))
    return undefined;
  const directory = workdirAt(dockerfile, run);
  return path.startsWith("/") || directory !== undefined
    ? normalizePath(path.startsWith("/") ? path : `${directory ?? ""}/${path}`)
    : undefined;
}

/** Whether the project needs ASP.NET; undefined where no project file is at hand, or one brings its own runtime. */
function isWeb(context: BuildContext): boolean | undefined {
  if (!context.complete) return undefined;
  const projects = context.files.filter(
    ({ path, type, ignored }) => type === "file" && !ignored && /\.(?:cs|fs|vb)proj$/.test(path),
  );
  let web = false;
  for (const { path } of projects.slice(0, 200)) {
    const text = context.text(path);
    if (text === undefined || /<(?:SelfContained|PublishAot|PublishSingleFile)>\s*true/i.test(text)) return undefined;
    if (/Microsoft\.NET\.Sdk\.Web|Microsoft\.AspNetCore\.App/.test(text)) web = true;
    if (/Microsoft\.NET\.Sdk\.(?:WindowsDesktop|BlazorWebAssembly)/.test(text)) return undefined;
  }
  return projects.length === 0 ? undefined : web;
}
