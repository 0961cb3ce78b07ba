import type { ImageConfig } from "../../image/index.ts";
import type { Program, Programs } from "./programs.ts";

type Elf = Extract<Program, { kind: "elf" }>;

/** Where a dynamic loader looks for libraries, beside what the files themselves say. */
export interface LoaderPaths {
  readonly musl: boolean;
  /** LD_LIBRARY_PATH of the image. */
  readonly environment: readonly string[];
  /** After `runpath`, in this order. */
  readonly system: readonly string[];
}

/** Debian's names of the usual architectures; `ld.so` has the directories compiled in. */
const triplets: Readonly<Record<string, string>> = {
  "64-62": "x86_64-linux-gnu",
  "32-3": "i386-linux-gnu",
  "64-183": "aarch64-linux-gnu",
  "32-40": "arm-linux-gnueabihf",
  "64-243": "riscv64-linux-gnu",
  "64-22": "s390x-linux-gnu",
  "64-21": "powerpc64le-linux-gnu",
};

/** ld.so(8) and ldconfig(8) for glibc; musl's ldso/dynlink.c keeps its path in a file named for the architecture. */
export function loaderPaths(
  { interpreter, bits, machine }: Pick<Elf, "interpreter" | "bits" | "machine">,
  { settings, files }: Programs,
  config: ImageConfig,
): LoaderPaths {
  const environment = splitPath(variableOf(config, "LD_LIBRARY_PATH"));
  const loader = interpreter?.split("/").at(-1) ?? "";
  const hasGlibc = [...settings.keys()].some((path) => path.startsWith("etc/ld.so.conf"));
  const musl = loader.startsWith("ld-musl-") || (loader === "" && !hasGlibc && hasMusl(files));
  if (musl) {
    const named = [...settings].find(
      ([path]) =>
        path.startsWith("etc/ld-musl-") && (loader === "" || path === `etc/${loader.replace(/\.so\.1$/, "")}.path`),
    );
    const system = named?.[1].split(/[:\n]/).map((one) => one.trim()) ?? ["/lib", "/usr/local/lib", "/usr/lib"];
    return { musl, environment, system: system.filter((one) => one.startsWith("/")) };
  }
  const triplet = triplets[`${bits}-${machine}`];
  const wide = bits === 64 ? ["/lib64", "/usr/lib64"] : ["/lib32", "/usr/lib32"];
  return {
    musl,
    environment,
    system: [
      ...configured("etc/ld.so.conf", settings, 0),
      ...(triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`]),
      ...wide,
      "/lib",
      "/usr/lib",
    ],
  };
}

function hasMusl(files: Programs["files"]): boolean {
  for (const path of files.keys()) if (/(?:^|\/)ld-musl-[^/]+\.so\.1$/.test(path)) return true;
  return false;
}

/** The directories of ld.so.conf, `include` lines followed; only the pattern that every distribution writes has a wildcard. */
function configured(path: string, settings: Programs["settings"], depth: number): readonly string[] {
  const text = settings.get(path);
  if (text === undefined || depth > 2) return [];
  return text.split("\n").flatMap((raw) => {
    const line = raw.replace(/#.*/, "").trim();
    if (line.startsWith("/")) return [line.replace(/\s*=.*/, "")];
    const included = /^include\s+(\S+)$/.exec(line)?.[1];
    if (included === undefined) return [];
    const wanted = (included.startsWith("/") ? included : `/etc/${included}`).slice(1);
    const folder = wanted.slice(0, wanted.lastIndexOf("/") + 1);
    return [...settings.keys()]
      .filter((one) => one === wanted || (wanted.endsWith("*.conf") && one !== path && one.startsWith(folder)))
      .sort()
      .flatMap((one) => configured(one, settings, depth + 1));
  });
}

/** A variable of an image's environment; the last one said counts. */
export function variableOf({ env }: ImageConfig, name: string): string | undefined {
  return env.findLast((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Directories of a search path; relative ones depend on where a program is started and are left out. */
export function splitPath(path = ""): readonly string[] {
  return path.split(/[:;]/).filter((one) => one.startsWith("/") || one.startsWith("$"));
}

/** Puts the directory of a file, and what else ld.so(8) knows, in place of the dynamic string tokens. */
export function expandOrigin(
  directory: string,
  origins: readonly string[],
  { bits }: Pick<Elf, "bits">,
): readonly string[] {
  if (!directory.includes("$")) return [directory];
  const lib = directory.replaceAll(/\$(?:LIB\b|\{LIB\})/g, bits === 64 ? "lib64" : "lib");
  return origins.map((origin) => lib.replaceAll(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => `/${origin}`));
}
