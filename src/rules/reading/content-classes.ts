/** What a file is there for, where a running container has no use for it. Every file is of one class at most, so no byte is offered twice. */
export type ContentClass =
  | "vcs-data"
  | "build-tools"
  | "node-dev-packages"
  | "apt-lists"
  | "apt-archives"
  | "database-backups"
  | "apk-cache"
  | "rpm-cache"
  | "python-cache"
  | "node-cache"
  | "go-build"
  | "rust-build"
  | "jvm-cache"
  | "language-caches"
  | "conda-packages"
  | "logs-and-temp"
  | "context-junk"
  | "docs"
  | "locales"
  | "debug-files"
  | "dev-files"
  | "python-bytecode"
  | "duplicate-files";

/** A class and the directory by which a file belongs to it. */
export interface ClassHit {
  readonly class: ContentClass;
  readonly directory: string;
}

/** A directory whose files are of a class: all of them, those below it that `only` matches, those that `except` does not. */
interface Place {
  readonly class: ContentClass;
  readonly only?: RegExp;
  readonly except?: RegExp;
}

const licence = /(?:^|\/)(?:copyright|LICEN[CS]E[^/]*|COPYING[^/]*|NOTICE[^/]*)$/i;

const rooted: Readonly<Record<string, Place>> = {
  "var/lib/apt/lists": { class: "apt-lists", except: /^(?:lock$|partial\/)/ },
  "var/cache/apt": { class: "apt-archives", only: /^(?:[^/]+\.bin|archives\/(?:partial\/)?[^/]+\.deb)$/ },
  "var/lib/dpkg": { class: "database-backups", only: /^[^/]+-old$/ },
  "var/cache/debconf": { class: "database-backups", only: /^[^/]+-old$/ },
  "var/cache/apk": { class: "apk-cache" },
  "etc/apk/cache": { class: "apk-cache" },
  "var/cache/dnf": { class: "rpm-cache" },
  "var/cache/yum": { class: "rpm-cache" },
  "var/cache/libdnf5": { class: "rpm-cache" },
  "var/cache/zypp": { class: "rpm-cache" },
  "var/lib/dnf": { class: "rpm-cache", only: /^history/ },
  "usr/local/share/.cache": { class: "node-cache" },
  "usr/local/go": { class: "go-build" },
  "usr/local/cargo/registry": { class: "rust-build" },
  "usr/local/cargo/git": { class: "rust-build" },
  "usr/local/rustup": { class: "rust-build" },
  "usr/share/doc": { class: "docs", except: licence },
  "usr/share/man": { class: "docs" },
  "usr/share/info": { class: "docs" },
  "usr/share/gtk-doc": { class: "docs" },
  "usr/share/help": { class: "docs" },
  "usr/local/share/doc": { class: "docs", except: licence },
  "usr/local/share/man": { class: "docs" },
  "usr/local/man": { class: "docs" },
  "usr/share/locale": { class: "locales", only: /\/LC_MESSAGES\// },
  "usr/lib/debug": { class: "debug-files" },
  "usr/include": { class: "dev-files" },
  "usr/local/include": { class: "dev-files" },
  // useradd's sparse files are a matter of their own (`image-sparse-lastlog`).
  "var/log": { class: "logs-and-temp", except: /^(?:lastlog|faillog)$/ },
  tmp: { class: "logs-and-temp" },
  "var/tmp": { class: "logs-and-temp" },
};

/** By the last names of a directory, wherever it is; the longest first. */
const anywhere: readonly (readonly [names: string, place: Place])[] = [
  [".cache/pip", { class: "python-cache" }],
  [".cache/uv", { class: "python-cache" }],
  [".cache/pypoetry", { class: "python-cache" }],
  [".npm/_cacache", { class: "node-cache" }],
  [".cache/yarn", { class: "node-cache" }],
  [".cache/node-gyp", { class: "node-cache" }],
  ["pnpm/store", { class: "node-cache" }],
  [".yarn/cache", { class: "node-cache" }],
  ["go/pkg/mod", { class: "go-build" }],
  [".cache/go-build", { class: "go-build" }],
  [".cargo/registry", { class: "rust-build" }],
  [".cargo/git", { class: "rust-build" }],
  [".rustup", { class: "rust-build" }],
  ["target/debug/deps", { class: "rust-build" }],
  ["target/debug/build", { class: "rust-build" }],
  ["target/debug/incremental", { class: "rust-build" }],
  ["target/release/deps", { class: "rust-build" }],
  ["target/release/build", { class: "rust-build" }],
  ["target/release/incremental", { class: "rust-build" }],
  [".m2/repository", { class: "jvm-cache" }],
  [".gradle/caches", { class: "jvm-cache" }],
  [".gradle/wrapper", { class: "jvm-cache" }],
  [".ivy2", { class: "jvm-cache" }],
  [".sbt", { class: "jvm-cache" }],
  [".composer/cache", { class: "language-caches" }],
  [".cache/composer", { class: "language-caches" }],
  [".nuget/packages", { class: "language-caches" }],
  ["bundle/cache", { class: "language-caches", only: /^[^/]+\.gem$/ }],
  ...["conda", "miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba"].map(
    (name) => [`${name}/pkgs`, { class: "conda-packages" }] as const,
  ),
];

interface TrieNode {
  readonly below: Map<string, TrieNode>;
  place?: Place;
}

const trie: TrieNode = { below: new Map() };
for (const [path, place] of Object.entries(rooted)) {
  let node = trie;
  for (const name of path.split("/")) {
    const next: TrieNode = node.below.get(name) ?? { below: new Map() };
    node.below.set(name, next);
    node = next;
  }
  node.place = place;
}

const byLastName = new Map<string, { readonly names: readonly string[]; readonly place: Place }[]>();
for (const [path, place] of anywhere) {
  const names = path.split("/").reverse();
  const [last = ""] = names;
  byLastName.set(last, [...(byLastName.get(last) ?? []), { names, place }]);
}

/** The class of a file by the directories it lies in; one pass over its path. */
export function classByDirectory(path: string): ClassHit | undefined {
  let node: TrieNode | undefined = trie;
  const names: string[] = [];
  let start = 0;
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", start)) {
    const name = path.slice(start, slash);
    names.push(name);
    start = slash + 1;
    node = node?.below.get(name);
    const place = node?.place ?? byLastName.get(name)?.find((one) => endsWith(names, one.names))?.place;
    if (place && holds(place, path, start)) return { class: place.class, directory: path.slice(0, slash) };
  }
  return undefined;
}

function endsWith(names: readonly string[], reversed: readonly string[]): boolean {
  return reversed.every((name, index) => names[names.length - 1 - index] === name);
}

function holds({ only, except }: Place, path: string, start: number): boolean {
  if (!only && !except) return true;
  const rest = path.slice(start);
  return only ? only.test(rest) : !except?.test(rest);
}

const junkDirectory =
  /(?:^|\/)(?:coverage|\.nyc_output|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.idea|\.vscode|\.terraform)\//;
const junkName =
  /^(?:\.DS_Store|Thumbs\.db|[^/]+\.log|core\.\d+|(?:[\w.-]+\.)?Dockerfile(?:\.[\w-]+)?|\.dockerignore|(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml|\.coverage)$/;

/** Files of a project that only its developers need, by their names: the pattern that would keep them out of the build context. */
export function junkPattern(path: string): string | undefined {
  if (path.includes("node_modules/") || path.includes("site-packages/")) return undefined;
  const directory = junkDirectory.exec(path);
  if (directory) return `**/${directory[0].replaceAll("/", "")}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!junkName.test(name)) return undefined;
  if (name.endsWith(".log")) return "**/*.log";
  if (name.includes("Dockerfile")) return "**/*Dockerfile*";
  if (name.startsWith("core.")) return "**/core.[0-9]*";
  return name.includes("compose") ? "**/*compose*.y*ml" : `**/${name}`;
}

/** The source whose compiled form a file is (PEP 3147); undefined for a file that is no compiled Python beside its source. */
export function sourceOfBytecode(path: string): string | undefined {
  const directory = "__pycache__/";
  const at = path.lastIndexOf(directory);
  if (at < 0 || !path.endsWith(".pyc")) return undefined;
  const name = path.slice(at + directory.length);
  const dot = name.indexOf(".");
  return name.includes("/") || dot === name.length - 4 ? undefined : `${path.slice(0, at)}${name.slice(0, dot)}.py`;
}

/** What shells and tools remember of the hand that built the image. */
export function isHistoryFile(path: string): boolean {
  return /^(?:root|home\/[^/]+)\/\.(?:(?:bash|ash|python|node_repl|psql|mysql)_history|wget-hsts|lesshst|viminfo)$/.test(
    path,
  );
}

/** What only compiling against a library needs, by its name. */
export function isDevFile(path: string): boolean {
  return /\.l?a$/.test(path) || /(?:^|\/)pkgconfig\/[^/]+\.pc$/.test(path);
}

/** Leftovers of Ruby packages: the archives they came in, and the objects they were linked from. */
export function isGemLeftover(path: string): boolean {
  return /\/gems\/[^/]+\/cache\/[^/]+\.gem$/.test(path) || (path.endsWith(".o") && /\/gems\/[^/]+\/ext\//.test(path));
}

/** Texts that must go with what they speak of, wherever that goes. */
export function isLicence(path: string): boolean {
  return licence.test(path);
}

/** What package managers know an image by: never offered for removal, since nobody could tell any more what is installed. */
export function isPackageDatabase(path: string): boolean {
  return database.test(path);
}
const database =
  /^(?:var\/lib\/dpkg\/(?:status|status\.d\/.*|available|info\/.*|diversions|statoverride|arch|triggers\/.*|alternatives\/.*)|(?:usr\/)?lib\/apk\/db\/.*|(?:var\/lib|usr\/lib\/sysimage)\/rpm\/.*|var\/lib\/(?:pacman|opkg|db\/pkg)\/.*|usr\/lib\/opkg\/.*|(?:.*\/)?conda-meta\/.*)$/;
