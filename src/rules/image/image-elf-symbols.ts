import type { LiveFile } from "../../image/index.ts";
import type { ElfSymbols } from "../../packages/index.ts";
import { broughtBy, commonDirectory, inImage, sayBytes, sayNames } from "../in-image.ts";
import { assistedFix } from "../problem.ts";
import { classedFiles } from "../reading/image-census.ts";
import type { Rule, Subjects } from "../rule.ts";

/** Bytes of one layer below which nothing is said. */
const least = 1_000_000;

export const imageElfSymbols: Rule<"image"> = {
  id: "image-elf-symbols",
  subject: "image",
  aim: "size",
  severity: "low",
  summary: "Programs carry symbols that only a debugger reads",
  why: `Compilers and linkers write the names of functions and variables (\`.symtab\`, \`.strtab\`) and, with \`-g\`, the
lines and types of the source (\`.debug_*\`) into programs and libraries. The loader passes over them: what is linked at
run time stands in tables of its own, which \`strip\` leaves alone. They are often half of a program. Keep an unstripped
copy out of the image for the day a core dump has to be read; backtraces of Go programs need none of it. Kernel modules
and object files, which do need their symbols, are left out. What the base brings is told of as it is: only another base
is without it.`,
  risk: 2,
  *check(subject) {
    const { image } = subject;
    const groups = groupsOf(subject);
    for (const [layer, programs] of [...groups].sort(([a], [b]) => a - b)) {
      const isBase = layer < image.weight.baseLayers;
      const sum = (of: (one: Unstripped) => number): number => programs.reduce((total, one) => total + of(one), 0);
      const unpacked = sum(bytesOf);
      if (unpacked < least) continue;
      // Of a file as stored its symbols are taken to have their share.
      const stored = Math.round(sum((one) => (one.file.entry.storedBytes * bytesOf(one)) / one.file.entry.size));
      const paths = [...programs].sort((a, b) => bytesOf(b) - bytesOf(a)).map(({ file }) => file.path);
      const debug = sum(({ symbols }) => symbols.debug) > unpacked / 2;
      const bytes = sayBytes({ unpacked, stored });
      yield {
        message: `${sayNames(paths.map((path) => `/${path}`))} ${paths.length === 1 ? "carries" : "carry"} ${bytes} of ${debug ? "debugging information" : "symbols"}: only a debugger reads it`,
        at: inImage(image, layer, paths.length === 1 ? paths[0] : commonDirectory(paths.map(directoryOf))),
        ...(isBase ? { severity: "info" as const } : {}),
        bytes: { value: unpacked, basis: "measured" },
        storedBytes: { value: stored, basis: "estimated" },
        ...broughtBy(image, [[layer, paths.length === 1 ? "brings it" : "brings them"]]),
        ...assistedFix(
          isBase ? "Choose another base: a slim variant, or one made for running alone" : wayOut(programs),
        ),
      };
    }
  },
  examples: [
    {
      title: "a program of one's own, with all that its compiler knew of it",
      layers: [{ "app/server 755": { size: 30_000_000, symbols: 4_000_000, debug: 11_000_000 } }],
      reports: ["app/server"],
    },
    {
      title: "libraries of one layer, and a Go program of another",
      layers: [
        {
          "usr/local/lib/liba.so": { size: 3_000_000, symbols: 700_000 },
          "usr/local/lib/libb.so": { size: 3_000_000, symbols: 600_000 },
        },
        { "usr/local/bin/tool 755": { size: 9_000_000, symbols: 1_500_000, debug: 2_000_000, go: true } },
      ],
      reports: ["usr/local/bin/tool", "usr/local/lib"],
    },
    {
      title: "stripped ones, a few bytes, what a later layer deletes, and debug files, which have a rule of their own",
      layers: [
        { "app/gone 755": { size: 30_000_000, symbols: 4_000_000 } },
        {
          "app/gone": null,
          "app/server 755": 30_000_000,
          "app/small 755": { size: 200_000, symbols: 60_000 },
          "usr/lib/debug/app.so": { size: 30_000_000, debug: 20_000_000 },
        },
      ],
      reports: [],
    },
  ],
};

interface Unstripped {
  readonly file: LiveFile;
  readonly symbols: ElfSymbols;
}

function bytesOf({ symbols }: Unstripped): number {
  return symbols.symbols + symbols.debug;
}

/** Programs with symbols by the layer that brings them, each once; those that some rule would have gone altogether are left out. */
function groupsOf(subject: Subjects["image"]): ReadonlyMap<number, readonly Unstripped[]> {
  const groups = new Map<number, Unstripped[]>();
  if (subject.symbols.size === 0) return groups;
  const otherwise = classedFiles(subject);
  const seen = new Set<LiveFile["entry"]>();
  for (const [path, symbols] of subject.symbols) {
    const file = subject.files.get(path);
    if (!file || file.entry.size === 0 || seen.has(file.entry) || otherwise.has(file.entry)) continue;
    seen.add(file.entry);
    const group = groups.get(file.layer);
    if (group) group.push({ file, symbols });
    else groups.set(file.layer, [{ file, symbols }]);
  }
  return groups;
}

function wayOut(programs: readonly Unstripped[]): string {
  const go = programs.filter(({ symbols }) => symbols.go).length;
  if (go === programs.length) return "Link it with go build -ldflags='-s -w'";
  const others = "Run strip --strip-unneeded over them in the stage that builds them";
  return go === 0 ? others : `${others}; link Go programs with -ldflags='-s -w'`;
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
