import type { BuildContext } from "../../core/index.ts";
import {
  type Dockerfile,
  operandsOf,
  remembered,
  type RunInstruction,
  type ShellCommand,
  shippedInstructions,
} from "../../syntax/index.ts";
import { contextTexts } from "./context-texts.ts";
import { pipInstalls } from "./pip.ts";

/** Commands that start no compiler, whatever they are given. */
const harmless: ReadonlySet<string> = new Set(
  `apt-get apt apk apt-mark dpkg-reconfigure rm rmdir mkdir mv cp ln touch cat echo printf true false : test [ cd pushd popd set export umask
  chown chmod chgrp useradd groupadd usermod adduser addgroup chpasswd passwd sed grep awk cut sort tr head tail tee find ls stat sleep date
  tar gzip gunzip unzip sha256sum update-ca-certificates locale-gen git curl wget install id whoami java javac jar nginx`.split(
    /\s+/,
  ),
);
/** Python packages that come as sources alone, or need libraries of the system, in most versions. */
const compiledPython =
  /^(?:psycopg2|mysqlclient|mysql-python|uwsgi|python-ldap|pycairo|pygobject|dbus-python|pycrypto|pyodbc|pycurl|pymssql|xmlsec|gdal|fiona|rasterio|pygraphviz|python-magic|weasyprint|cairosvg|opencv-.*|netifaces|m2crypto|python-snappy|pyaudio|spidev|rpi\.gpio|smbus|numpy-quaternion|dlib|face-recognition|pyenchant|h5py|tables|pyscard|python3-saml|pysqlite3|cx-oracle|ibm-db)$/i;

const answers = remembered<Dockerfile, { context?: BuildContext | undefined; answer?: boolean }>(() => ({}));

/**
 * Whether no step of the shipped stages can start a compiler, and nothing of the project's own code does at run time. Where
 * something takes part that cannot be read here, the answer is no.
 */
export function compilesNothing(dockerfile: Dockerfile, context: BuildContext | undefined): boolean {
  const kept = answers(dockerfile);
  if (kept.answer === undefined || kept.context !== context) {
    kept.context = context;
    kept.answer =
      shippedInstructions(dockerfile, "RUN").every((run) => isPlain(run, context)) && !callsCompiler(context);
  }
  return kept.answer;
}

function isPlain(run: RunInstruction, context: BuildContext | undefined): boolean {
  const { script } = run;
  if (script.broken || script.commands.length === 0) return false;
  const pips = new Set(pipInstalls(run).map(({ command }) => command));
  return script.commands.every(
    (command) =>
      isHarmlessStep(command) || isPlainNpm(command, context) || (pips.has(command) && installsPure(command, context)),
  );
}

/** Whether a command works on nothing but what it names, and starts no other program. */
export function isHarmlessStep(command: ShellCommand): boolean {
  return harmless.has(command.name) || isCompileall(command);
}

function isCompileall({ name, args }: ShellCommand): boolean {
  return /^python(?:\d(?:\.\d+)?)?$/.test(name) && args[0]?.raw === "-m" && args[1]?.raw === "compileall";
}

const npmPackages =
  /^(?:node-sass|canvas|node-gyp|nan|bindings|robotjs|serialport|usb|leveldown|zeromq|kerberos|oracledb)$/;

/** `npm ci` and `npm install` of the manifest, where no dependency is known to compile anything. */
function isPlainNpm(command: ShellCommand, context: BuildContext | undefined): boolean {
  if (command.name !== "npm") return false;
  const [verb, ...named] = operandsOf(command).map(({ value }) => value);
  if (verb === "cache" || verb === "prune" || verb === "run") return verb !== "run";
  if (verb !== "ci" && verb !== "install" && verb !== "i") return false;
  if (named.some((name) => !name || !/^(?:@[\w-]+\/)?[\w.-]+(?:@[\w.^~-]+)?$/.test(name))) return false;
  const lock = context?.text("package-lock.json");
  if (lock?.includes('"hasInstallScript"')) return false;
  const manifest = context?.text("package.json");
  if (manifest === undefined) return false;
  try {
    const parsed = JSON.parse(manifest) as { dependencies?: object; devDependencies?: object } | null;
    const wanted = Object.entries({ ...parsed?.dependencies, ...parsed?.devDependencies });
    return wanted.every(
      ([name, version]) => !npmPackages.test(name) && typeof version === "string" && /^[\^~>=<\d*x]/.test(version),
    );
  } catch {
    return false;
  }
}

/** `pip install` of directories of the context without native code, and of requirements that usually come as wheels. */
function installsPure(command: ShellCommand, context: BuildContext | undefined): boolean {
  if (!context?.complete) return false;
  const words = command.args.map(({ value }) => value);
  const at = words.indexOf("install");
  for (let i = at + 1; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) return false;
    if (/^(?:-r|--requirement|-c|--constraint)$/.test(word)) {
      const list = requirements(context, words[++i]);
      if (!list?.every(isWheel)) return false;
    } else if (word.startsWith("--no-binary")) return false;
    else if (
      /^(?:-t|--target|-i|--index-url|--extra-index-url|-f|--find-links|--prefix|--root|--trusted-host)$/.test(word)
    )
      i++;
    else if (word.startsWith("-")) continue;
    else if (/^\.{0,2}(?:\/|$)/.test(word)) {
      if (!isPureDirectory(context, word)) return false;
    } else if (!isWheel(word)) return false;
  }
  return true;
}

function requirements(context: BuildContext, path: string | undefined): readonly string[] | undefined {
  const text = path === undefined ? undefined : context.text(path.replace(/^(?:\.?\/)+/, ""));
  return text
    ?.split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "" && !/^--(?:hash|index-url|extra-index-url)\b/.test(line));
}

function isWheel(requirement: string): boolean {
  const name = /^[A-Za-z0-9][\w.-]*/.exec(requirement)?.[0];
  return name !== undefined && !compiledPython.test(name) && !/[@/]|^-/.test(requirement.split(/[;#]/)[0] ?? "");
}

/** A package of the context whose build calls no compiler. */
function isPureDirectory(context: BuildContext, path: string): boolean {
  const root = path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const prefix = root === "" || root === "." ? "" : `${root}/`;
  const inside = context.files.filter((file) => !file.ignored && file.path.startsWith(prefix));
  if (inside.some(({ path: file }) => /\.(?:c|cc|cpp|cxx|pyx|pxd|rs|f90|cu)$/.test(file))) return false;
  const setup = ["setup.py", "setup.cfg", "pyproject.toml"].flatMap((name) => context.text(`${prefix}${name}`) ?? []);
  return (
    setup.length > 0 &&
    !setup.some((text) =>
      /ext_modules|Extension\(|cython|cffi|pybind11|maturin|setuptools[-_]rust|scikit-build|meson/i.test(text),
    )
  );
}

function callsCompiler(context: BuildContext | undefined): boolean {
  const texts = context ? contextTexts(context) : [];
  return (
    texts === undefined ||
    texts.some(
      ({ text }) =>
        /(?:["'`\s/(]|^)(?:gcc|g\+\+|clang|cc1|ld|make|cmake|node-gyp)(?=["'`\s]|$)/.test(text) && isCode(text),
    )
  );
}

/** Words like `make` stand in prose as well: only a text that starts programs counts. */
function isCode(text: string): boolean {
  return /\b(?:subprocess|os\.system|popen|child_process|execvp?|ctypes|cffi|Runtime\.getRuntime|ProcessBuilder)\b|^#!.*sh\b/m.test(
    text,
  );
}
