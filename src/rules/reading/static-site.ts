import type { BuildContext, Edit } from "../../core/index.ts";
import { type Dockerfile, flagValue, normalizePath, replaceRange, type Stage, workdirAt } from "../../syntax/index.ts";
import type { Known } from "../rule.ts";
import { type EntryCommand, entryCommand, execForm } from "./entry-command.ts";
import { type FileServer, fileServer } from "./file-server.ts";
import { jsonObject } from "./node-project.ts";
import { type Split, type StageSplit, splitEdits, splitOf } from "./split-stage.ts";

const root = "/srv/site";
/** Files by which the served directory tells its server more than what to serve. */
const serverSettings = /(?:^|\/)(?:serve|now|static)\.json$/;

/**
 * Cuts a stage in two that builds a site and starts a server of files for it: the second one is nginx with the built directory, or,
 * where nginx would not do the same, the server with it. Undefined where the image does more than that, or not all can be read.
 */
export function siteSplit(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext,
  known: Known,
): Split | undefined {
  const split = splitOf(dockerfile, stage);
  const entry = entryCommand(dockerfile, stage);
  const server = entry && context.complete ? fileServer(entry.words, context) : undefined;
  const directory = entry && workdirAt(dockerfile, entry.instruction);
  if (!split || !entry || !server || directory === undefined) return undefined;
  if (stage.instructions.some(({ keyword }) => keyword === "VOLUME" || keyword === "ONBUILD")) return undefined;
  const commands = stage.instructions.filter(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  const site = normalizePath(server.directory.startsWith("/") ? server.directory : `${directory}/${server.directory}`);
  if (commands.length !== 1 || site === "/" || !/^\/[\w./@-]+$/.test(site)) return undefined;
  if (holdsWork(dockerfile, stage, site)) return undefined;
  return (
    withNginx(dockerfile, stage, split, entry, server, site, context, known) ??
    withServer(dockerfile, stage, split, entry, server, directory, site)
  );
}

/** Whether a step works in the served directory or in one below it: it holds more than what was built. */
function holdsWork(dockerfile: Dockerfile, stage: Stage, site: string): boolean {
  let moved = false;
  return stage.instructions.some((one) => {
    if (one.keyword === "WORKDIR") moved = true;
    if (one.keyword !== "RUN" || !moved) return false;
    const directory = workdirAt(dockerfile, one);
    return directory === undefined || directory === site || directory.startsWith(`${site}/`);
  });
}

function withNginx(
  dockerfile: Dockerfile,
  stage: Stage,
  split: StageSplit,
  entry: EntryCommand,
  server: FileServer,
  site: string,
  context: BuildContext,
  known: Known,
): Split | undefined {
  const port = server.takesPort ? portOf(server, stage) : server.port;
  const tag = nginxTag(known);
  if (!server.plain || port === undefined || tag === undefined || checked(split)) return undefined;
  if (context.files.some(({ path, ignored }) => !ignored && serverSettings.test(path))) return undefined;
  const manifest = jsonObject(context.text("package.json")) ?? {};
  if ("static" in manifest || "now" in manifest) return undefined;
  const exposed = stage.instructions.flatMap((one) => (one.keyword === "EXPOSE" ? one.words : []));
  if (exposed.some(({ value }) => value === undefined || !new RegExp(`^${port}(?:/tcp)?$`).test(value)))
    return undefined;
  // Files that others may not read were read by root before.
  const hidden = context.files.some(({ type, ignored, mode }) => type === "file" && !ignored && (mode & 0o004) === 0);
  const lines = [
    ...settings(dockerfile, port, server),
    `COPY --from=${split.stageName}${hidden ? " --chown=101:101" : ""} ${site} ${root}`,
    ...(split.behind.some(({ keyword }) => keyword === "USER") ? [] : ["USER 101:101"]),
  ];
  const edits: Edit[] = [
    ...splitEdits(dockerfile, stage, split, `nginx:${tag}`, lines, "101:101"),
    ...(entry.instruction.keyword === "CMD"
      ? [replaceRange(dockerfile, entry.instruction.argumentsRange, nginx)]
      : [replaceRange(dockerfile, entry.instruction.range, `CMD ${nginx}`)]),
  ];
  const fallback = server.fallback ? ` and of index.html for every other path` : "";
  return {
    title: `Serve the built site on port ${port} by nginx, without privileges, if it asks no more of a server than that of its files${fallback}`,
    edits,
  };
}

const nginx = execForm(["nginx", "-g", "daemon off;"]);

/** The stable line's small variant ("1.30-alpine-slim"), as precise as a line. */
function nginxTag(known: Known): string | undefined {
  const same = known.tag("nginx", "stable-alpine-slim")?.sameImage ?? [];
  return same.find((tag) => /^\d+\.\d+-alpine-slim$/.test(tag));
}

function checked(split: StageSplit): boolean {
  return split.behind.some((one) => one.keyword === "HEALTHCHECK" && !one.none);
}

/** The port that such a server takes where none is said to it; undefined where a variable may say another. */
function portOf(server: FileServer, stage: Stage): number | undefined {
  const said = stage.instructions.some(
    (one) => one.keyword === "ENV" && one.pairs.some(({ name }) => (name.value ?? "PORT") === "PORT"),
  );
  return said ? undefined : server.port;
}

/** Writes nginx's settings: all that it needs, so that it runs as anybody. */
function settings({ escape }: Dockerfile, port: number, { fallback, bareNames }: FileServer): readonly string[] {
  const pages = bareNames ? " $uri.html $uri/index.html" : fallback ? "" : " $uri/";
  const tries = `$uri${pages} ${fallback ? "/index.html" : "=404"}`;
  const lines = [
    "worker_processes auto;",
    "pid /tmp/nginx.pid;",
    "events {}",
    "http {",
    "    include mime.types;",
    "    types { text/javascript mjs; application/manifest+json webmanifest; }",
    "    default_type application/octet-stream;",
    "    charset utf-8;",
    "    sendfile on;",
    "    gzip on;",
    "    gzip_types text/css text/javascript application/javascript application/json image/svg+xml;",
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `    ${name}_temp_path /tmp/${name};`),
    "    server {",
    `        listen ${port};`,
    `        root ${root};`,
    "        absolute_redirect off;",
    ...(fallback ? [] : ["        error_page 404 /404.html;"]),
    `        location / { try_files ${tries}; }`,
    "    }",
  ];
  return [
    `RUN printf '%s\\n' ${escape}`,
    ...lines.map((line) => `    '${line}' ${escape}`),
    "    '}' > /etc/nginx/nginx.conf",
  ];
}

/** The server itself, installed again by the words that install it, beside what it serves. */
function withServer(
  dockerfile: Dockerfile,
  stage: Stage,
  split: StageSplit,
  entry: EntryCommand,
  server: FileServer,
  directory: string,
  site: string,
): Split | undefined {
  const base = stage.from?.image.raw;
  const [program = ""] = entry.words;
  const install = program === server.package ? globalInstall(dockerfile, stage, program) : undefined;
  if (base === undefined || base.includes("$") || install === undefined) return undefined;
  return {
    title: "Ship the built site and its server alone from a second stage, if nothing else of the image is used",
    edits: splitEdits(dockerfile, stage, split, base, [
      `RUN ${install}`,
      ...(directory === "/" ? [] : [`WORKDIR ${directory}`]),
      `COPY --from=${split.stageName} ${site} ${site}`,
    ]),
  };
}

/** The words that install a package, and no other, for all of the image. */
function globalInstall(dockerfile: Dockerfile, stage: Stage, name: string): string | undefined {
  for (const run of stage.instructions) {
    if (run.keyword !== "RUN" || flagValue(run, "mount") !== undefined) continue;
    for (const { range } of run.script.named("npm")) {
      const text = dockerfile.source.text.slice(range.start, range.end);
      if (new RegExp(`^npm (?:install|i) (?:-g|--global) ${name}(?:@[\\w.^~-]+)?$`).test(text)) return text;
    }
  }
  return undefined;
}
