import type { BuildContext } from "../../core/index.ts";
import { asObject } from "./contents.ts";
import { jsonObject } from "./node-project.ts";

/** A program that only serves a directory's files, as it is started. */
export interface FileServer {
  /** As written: absolute, or relative to where it is started. */
  readonly directory: string;
  /** TCP; the one it is given, else its own. */
  readonly port: number;
  /** No port is given, and the variable PORT would change it. */
  readonly takesPort: boolean;
  /** Unknown paths get index.html. */
  readonly fallback: boolean;
  /** `/about` gets about.html. */
  readonly bareNames: boolean;
  /** Nothing but the options known here: any server of files does the same. */
  readonly plain: boolean;
  /** The npm package that brings the program. */
  readonly package?: string;
}

interface Kind {
  readonly package?: string;
  readonly defaultPort?: number;
  readonly variable: boolean;
  readonly bareNames: boolean;
  /** What it serves where no directory is named. */
  readonly defaultDirectory?: string;
  /** Options that change nothing that a visitor sees. */
  readonly flags: ReadonlySet<string>;
  /** Options that do. */
  readonly others: ReadonlySet<string>;
  /** Options that do, with a value. */
  readonly valued: ReadonlySet<string>;
  readonly ports: ReadonlySet<string>;
  /** Their value is an address to listen on, which may be left out. */
  readonly hosts: ReadonlySet<string>;
  readonly directories: ReadonlySet<string>;
  readonly fallbacks: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const kinds: Readonly<Record<string, Kind>> = {
  serve: {
    package: "serve",
    defaultPort: 3000,
    variable: true,
    bareNames: true,
    defaultDirectory: ".",
    flags: set("-n --no-clipboard -L --no-request-logging --no-port-switching -u --no-compression --no-etag"),
    others: set("-C --cors -S --symlinks -d --debug"),
    valued: none,
    ports: set("-l --listen -p"),
    hosts: none,
    directories: none,
    fallbacks: set("-s --single"),
  },
  "http-server": {
    package: "http-server",
    defaultPort: 8080,
    variable: true,
    bareNames: true,
    flags: set("-s --silent -g --gzip -b --brotli -c-1"),
    others: set("--cors --no-dotfiles"),
    valued: set("-c -t -e --ext"),
    ports: set("-p --port"),
    hosts: set("-a"),
    directories: none,
    fallbacks: none,
  },
  vite: {
    defaultPort: 4173,
    variable: false,
    bareNames: true,
    flags: set("--strictPort"),
    others: none,
    valued: none,
    ports: set("--port"),
    hosts: set("--host"),
    directories: set("--outDir"),
    fallbacks: none,
  },
  python: {
    defaultPort: 8000,
    variable: false,
    bareNames: false,
    defaultDirectory: ".",
    flags: none,
    others: none,
    valued: none,
    ports: none,
    hosts: set("-b --bind"),
    directories: set("-d --directory"),
    fallbacks: none,
  },
};

/**
 * The server of files that words start, themselves or by a script of the manifest. Undefined for anything else, and where it
 * listens to its own machine alone.
 */
export function fileServer(words: readonly string[], context: BuildContext): FileServer | undefined {
  const [name = "", ...args] = direct(words, context) ?? [];
  const program = name.replace(/^(?:\.\/)?node_modules\/\.bin\//, "").replace(/(?<=.)@[\w.^~-]+$/, "");
  if (program === "vite") return args[0] === "preview" ? previewOf(args.slice(1), context) : undefined;
  if (/^python3?$/.test(program))
    return args[0] === "-m" && args[1] === "http.server" && kinds["python"]
      ? read(kinds["python"], args.slice(2), /^\d+$/)
      : undefined;
  // Before 14, its port was another one.
  const old = /^serve@\D*(?:\d|1[0-3])(?:\.|$)/.test(name);
  const kind = Object.hasOwn(kinds, program) ? kinds[program] : undefined;
  return kind && !(old && !args.some((arg) => kind.ports.has(arg))) ? read(kind, args) : undefined;
}

/** The program's own words, without npm and npx in front of them. */
function direct(words: readonly string[], context: BuildContext): readonly string[] | undefined {
  const [name, verb, script] = words;
  if (name === "npx" || name === "bunx") {
    const rest = words.slice(1);
    return rest.slice(rest.findIndex((word) => !/^(?:-y|--yes|--no-install|--no|--)$/.test(word)));
  }
  if (name !== "npm" && name !== "yarn" && name !== "pnpm") return words;
  const scripts = asObject(jsonObject(context.text("package.json"))?.["scripts"]) ?? {};
  const key = verb === "run" ? script : verb;
  const length = verb === "run" ? 3 : 2;
  if (key === undefined || words.length !== length || (verb !== "run" && verb !== "start" && name === "npm"))
    return undefined;
  const called = Object.hasOwn(scripts, key) ? scripts[key] : undefined;
  if (typeof called !== "string" || `pre${key}` in scripts || `post${key}` in scripts) return undefined;
  if (/[&|;<>$`()'"\\*?~#]/.test(called)) return undefined;
  const inner = called.trim().split(/\s+/);
  return /^(?:npm|yarn|pnpm)$/.test(inner[0] ?? "") ? undefined : direct(inner, context);
}

function read(kind: Kind, args: readonly string[], portWord?: RegExp): FileServer | undefined {
  let directory: string | undefined;
  let port: number | undefined;
  let [fallback, plain] = [false, true];
  for (let i = 0; i < args.length; i++) {
    const [, option = "", joined] = /^(--?[\w-]+?)(?:=(.*))?$/.exec(args[i] ?? "") ?? [];
    const attached = /^(-[lp])(\d+)$/.exec(args[i] ?? "");
    const value = (): string | undefined => joined ?? args[++i];
    if (attached && kind.ports.has(attached[1] ?? "")) port = Number(attached[2]);
    else if (kind.ports.has(option)) port = portIn(value());
    else if (kind.hosts.has(option)) {
      const next = joined ?? args[i + 1];
      const address = next !== undefined && /^(?:[\d.]+|::1?|localhost|true)$/.test(next) ? next : undefined;
      if (address !== undefined && joined === undefined) i++;
      if (address !== undefined && !/^(?:0\.0\.0\.0|::|true)$/.test(address)) return undefined;
    } else if (kind.directories.has(option)) directory = value();
    else if (kind.fallbacks.has(option)) fallback = true;
    else if (kind.valued.has(option)) [plain] = [false, value()];
    else if (kind.others.has(args[i] ?? "")) plain = false;
    else if (kind.flags.has(args[i] ?? "")) continue;
    else if (option !== "") return undefined;
    else if (portWord?.test(args[i] ?? "") === true) port = Number(args[i]);
    else if (directory === undefined && kind.directories.size === 0) directory = args[i];
    else return undefined;
    if (kind.ports.has(option) && port === undefined) return undefined;
  }
  const takesPort = port === undefined && kind.variable;
  port ??= kind.defaultPort;
  directory ??= kind.defaultDirectory;
  if (directory === undefined || port === undefined) return undefined;
  // A fallback takes every path that is no file.
  const bareNames = kind.bareNames && !fallback;
  const brought = kind.package === undefined ? {} : { package: kind.package };
  return { directory, port, takesPort, fallback, bareNames, plain, ...brought };
}

/** `3000`, `0.0.0.0:3000`, `tcp://0.0.0.0:3000`. */
function portIn(text: string | undefined): number | undefined {
  const port = Number(/^(?:(?:tcp:\/\/)?(?:0\.0\.0\.0|\[::\]|::):)?(\d{2,5})$/.exec(text ?? "")?.[1] ?? 0);
  return port > 0 && port < 65_536 ? port : undefined;
}

const ownWays = /\b(?:proxy|base|headers|https|appType|middleware\w*|configurePreviewServer|basicSsl|mkcert)\b/;

/** `vite preview`, whose settings may stand in its file. */
function previewOf(args: readonly string[], context: BuildContext): FileServer | undefined {
  const names = context.files.filter(({ path, ignored }) => !ignored && /^vite\.config\.[cm]?[jt]s$/.test(path));
  const texts = names.map(({ path }) => context.text(path));
  const [text = ""] = texts;
  if (texts.includes(undefined) || texts.length > 1 || ownWays.test(text) || !kinds["vite"]) return undefined;
  const own = /\bpreview\s*:\s*\{([^{}]*)\}/.exec(text)?.[1] ?? "";
  if (/\bpreview\b/.test(text) && own === "") return undefined;
  const given = (option: string): boolean => args.some((arg) => arg === option || arg.startsWith(`${option}=`));
  const port = /\bport\s*:\s*(\d+)\b/.exec(own)?.[1];
  if (!given("--host") && !/\bhost\s*:\s*(?:true|["'](?:0\.0\.0\.0|::)["'])/.test(own)) return undefined;
  if (/\bport\b/.test(own) && port === undefined && !given("--port")) return undefined;
  if (/\boutDir\b/.test(text) && !given("--outDir")) return undefined;
  const found = read(kinds["vite"], [
    ...(given("--outDir") ? [] : ["--outDir", "dist"]),
    ...(given("--port") || port === undefined ? [] : ["--port", port]),
    ...args,
  ]);
  return found && { ...found, fallback: true };
}
