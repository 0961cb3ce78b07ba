import type { BuildContext } from "../../core/index.ts";
import { type Dockerfile, normalizePath, type Stage, workdirAt } from "../../syntax/index.ts";
import { entryCommand } from "./entry-command.ts";

const maximumModules = 300;
/** Signs that code finds files or modules in ways that reading it does not tell. */
const finds =
  /\b(?:importlib|pkgutil|pkg_resources|runpy|glob|ctypes)\b|__import__|__file__|__path__|\b(?:exec|eval|compile)\(|\bsys\.path\b|\bos\.(?:listdir|walk|scandir|chdir|system|popen|exec\w*)\b|\bsubprocess\b|\.(?:iterdir|rglob|glob)\(|\bDJANGO_SETTINGS_MODULE\b|\bsend_from_directory\b|\bget_data\(/;
/** An `open` or `Path` whose argument is not written out. */
const opensUnknown = /\b(?:open|Path|FileSystemLoader|StaticFiles|Jinja2Templates)\(\s*(?!["')]|directory=["'])/;
/** Directories that frameworks read by convention. */
const conventional: readonly string[] = ["templates", "static"];

/**
 * The files of a directory that a Python program started from it is made of: its modules as they import each other, the
 * packages they are in as a whole, and what their text names. Undefined where the program may find more than that.
 * @param root path in the context that is copied to `target`; "" for all of it
 * @param target absolute path in the image
 */
export function pythonFiles(
  dockerfile: Dockerfile,
  stage: Stage,
  context: BuildContext,
  root: string,
  target: string,
): ReadonlySet<string> | undefined {
  const entry = entryCommand(dockerfile, stage);
  const directory = entry && (workdirAt(dockerfile, entry.instruction) ?? "/");
  if (!entry || directory === undefined) return undefined;
  const files = new Set(
    context.files.flatMap(({ path, type, ignored }) =>
      type === "file" && !ignored && path.startsWith(root === "" ? "" : `${root}/`) ? [path] : [],
    ),
  );
  const inContext = (path: string): string | undefined => {
    const absolute = normalizePath(path.startsWith("/") ? path : `${directory}/${path}`);
    const relative =
      absolute === target ? "" : absolute.startsWith(`${target}/`) ? absolute.slice(target.length + 1) : undefined;
    return relative === undefined ? undefined : join(root, relative);
  };
  const start = startOf(entry.words);
  if (!start) return undefined;
  const home = "script" in start ? inContext(start.script.replace(/[^/]*$/, "") || ".") : inContext(".");
  if (home === undefined) return undefined;
  const program = new Program(context, files, home);
  if ("script" in start) {
    const script = inContext(start.script);
    if (script === undefined || !files.has(script)) return undefined;
    program.read(script);
  } else if (!program.importModule(start.module) || !program.importModule(`${start.module}.__main__`, true))
    return undefined;
  return program.finish();
}

/** What `python`, or a server for Python, is told to run. */
function startOf(words: readonly string[]): { module: string } | { script: string } | undefined {
  const [name = "", ...rest] = words;
  if (/^(?:uvicorn|gunicorn|hypercorn|waitress-serve)$/.test(name)) {
    const target = rest.find((word) => /^[\w.]+:\w+(?:\(\))?$/.test(word));
    return target && !rest.includes("-c") ? { module: target.replace(/:.*$/, "") } : undefined;
  }
  if (!/^(?:\/usr(?:\/local)?\/bin\/)?python(?:\d(?:\.\d+)?)?$/.test(name)) return undefined;
  const at = rest.findIndex((word) => !/^-[uBOEsIb]+$/.test(word));
  const first = rest[at];
  if (first === "-m") {
    const module = rest[at + 1];
    return module !== undefined && /^[\w.]+$/.test(module) ? { module } : undefined;
  }
  return first !== undefined && /^[\w./-]+\.py$/.test(first) && !first.startsWith("-") ? { script: first } : undefined;
}

class Program {
  readonly #context: BuildContext;
  readonly #files: ReadonlySet<string>;
  readonly #home: string;
  readonly #found = new Set<string>();
  readonly #directories = new Set<string>();
  readonly #queue: string[] = [];
  #sure = true;

  constructor(context: BuildContext, files: ReadonlySet<string>, home: string) {
    this.#context = context;
    this.#files = files;
    this.#home = home;
    for (const path of files)
      for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
        const directory = path.slice(0, at);
        if (this.#directories.has(directory)) break;
        this.#directories.add(directory);
      }
  }

  read(path: string): void {
    if (this.#found.has(path)) return;
    this.#found.add(path);
    if (path.endsWith(".py")) this.#queue.push(path);
  }

  /** Whether a module is one of the project's; the packages it is in come along. */
  importModule(name: string, optional = false): boolean {
    const parts = name.split(".");
    let known = false;
    for (let length = 1; length <= parts.length; length++) {
      const base = join(this.#home, parts.slice(0, length).join("/"));
      for (const path of [`${base}/__init__.py`, `${base}.py`])
        if (this.#files.has(path)) {
          this.read(path);
          known = true;
        }
    }
    const package_ = join(this.#home, parts[0] ?? "");
    if (known && !this.#files.has(`${package_}.py`)) this.#whole(package_);
    return known || optional;
  }

  finish(): ReadonlySet<string> | undefined {
    for (let path = this.#queue.pop(); path !== undefined; path = this.#queue.pop()) {
      const text = this.#context.text(path);
      if (text === undefined || this.#found.size > 20_000 || finds.test(text) || opensUnknown.test(text))
        this.#sure = false;
      if (!this.#sure || text === undefined) return undefined;
      this.#imports(path, text);
      this.#names(text);
    }
    for (const name of conventional) this.#whole(join(this.#home, name));
    return this.#sure && this.#found.size > 0 ? this.#found : undefined;
  }

  #imports(path: string, text: string): void {
    let count = 0;
    for (const [, dots = "", from = "", imported = "", plain = ""] of text.matchAll(
      /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]{0,5000}\)|[^\n#;]+)|import[ \t]+([^\n#;]+))/gm,
    )) {
      if (++count > maximumModules) this.#sure = false;
      if (!this.#sure) return;
      if (dots !== "") {
        // Inside of a package, which came along as a whole; above it there is nothing to be imported.
        if (!path.includes("/")) this.#sure = false;
        continue;
      }
      for (const name of plain.split(",")) this.importModule(name.trim().replace(/\s.*$/, ""));
      if (from === "") continue;
      this.importModule(from);
      for (const name of imported.replaceAll(/[()\\]/g, " ").split(","))
        this.importModule(`${from}.${name.trim().replace(/\s.*$/, "")}`);
    }
  }

  /** Files and directories of the project that a string of the code names. */
  #names(text: string): void {
    for (const [, name = ""] of text.matchAll(/["']([\w./-]{1,200})["']/g)) {
      const path = normalizePath(`/${this.#home}/${name}`).slice(1);
      if (path === this.#home || name.startsWith("/")) continue;
      if (this.#files.has(path)) this.read(path);
      else if (name.includes("/") || name.length > 3) this.#whole(path);
    }
  }

  /** All of a directory, once: it then counts as looked at. */
  #whole(directory: string): void {
    if (!this.#directories.delete(directory)) return;
    for (const path of this.#files) if (path.startsWith(`${directory}/`)) this.read(path);
  }
}

function join(directory: string, path: string): string {
  return directory === "" ? path : path === "" ? directory : `${directory}/${path}`;
}
