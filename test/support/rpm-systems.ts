import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomSource } from "./generate.ts";

/** What one rpm system's databases hold, by their file names, and what rpm itself says is in them. */
export interface RpmSystem {
  readonly sqlite: Uint8Array;
  readonly ndb: Uint8Array;
  /** Berkeley DB in both byte orders; absent where its tools are. */
  readonly berkeley: readonly Uint8Array[];
  /** One line each as `queryFormat` has it, sorted. */
  readonly packages: readonly string[];
  /** "NAME\tPATH" of files that are not directories, sorted. */
  readonly files: readonly string[];
}

/** Berkeley DB's own tool to make a database out of text. */
const berkeleyLoader = "db5.3_load";

const queryFormat =
  "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{VENDOR}\\t%{LICENSE}\\t%{MODULARITYLABEL}\\n";

/** Whether rpm's tools are here. */
export function hasRpmTools(): boolean {
  const here = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
  return here("rpm") && here("rpmbuild") && here("sqlite3");
}

/** Builds some packages, installs them into a new database, and has the same headers written in the other formats. */
export function buildRpmSystem(directory: string, seed: number, sources = 10): RpmSystem {
  const database = join(directory, "sqlite");
  for (const sub of ["specs", "top", "sqlite"]) mkdirSync(join(directory, sub), { recursive: true });
  const specs = Array.from({ length: sources }, (_, index) => join(directory, "specs", `${index}.spec`));
  const random = randomSource(seed);
  specs.forEach((path, index) => writeFileSync(path, specOf(random, index)));
  run("rpmbuild", ["-bb", "--quiet", "--define", `_topdir ${join(directory, "top")}`, ...specs]);
  const built = readdirSync(join(directory, "top/RPMS"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".rpm"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const sqlite = ["--define", "_db_backend sqlite", "--dbpath", database];
  run("rpm", [
    ...sqlite,
    "-i",
    "--justdb",
    "--nodeps",
    "--noscripts",
    "--ignoresize",
    "--ignorearch",
    "--force",
    ...built,
  ]);
  const packages = lines(run("rpm", [...sqlite, "-qa", "--qf", queryFormat]));
  const files = lines(run("rpm", [...sqlite, "-qa", "--qf", "[%{=NAME}\\t%{FILEMODES:perms}\\t%{FILENAMES}\\n]"]))
    .filter((line) => !/^[^\t]*\td/.test(line))
    .map((line) => line.replace(/\t[^\t]*\t/, "\t"))
    .sort();
  const blobs = lines(
    run("sqlite3", [join(database, "rpmdb.sqlite"), "select hnum || ' ' || hex(blob) from Packages"]),
  ).map((line) => [Number(line.split(" ")[0]), Buffer.from(line.split(" ")[1] ?? "", "hex")] as const);
  return {
    sqlite: readFileSync(join(database, "rpmdb.sqlite")),
    ndb: ndbOf(blobs),
    berkeley: [1234, 4321].flatMap((order) => berkeleyOf(directory, order, blobs) ?? []),
    packages,
    files,
  };
}

/** What rpm says is in a Berkeley DB file that it did not write itself. */
export function queryBerkeley(directory: string, bytes: Uint8Array): readonly string[] {
  const database = join(directory, "query");
  mkdirSync(database, { recursive: true });
  writeFileSync(join(database, "Packages"), bytes);
  return lines(run("rpm", ["--define", "_db_backend bdb_ro", "--dbpath", database, "-qa", "--qf", queryFormat]));
}

type Random = ReturnType<typeof randomSource>;

function specOf(random: Random, index: number): string {
  const version = (): string =>
    random.pick(["1.0", "2.3.4~rc1", "0.9^20240101git", "10", "3.1_beta", "2024.05.06", "7.4.3p1"]) +
    random.pick(["", ".1", ".22"]);
  const name = `${random.pick(["lib", "python3-", "perl-", "x_", "glibc-", ""])}thing-${index}${random.pick(["", "+plus", ".dot"])}`;
  const epoch = random.chance(0.4) ? `Epoch: ${random.below(5)}\n` : "";
  const subpackages = ["devel", "doc"].filter(() => random.chance(0.6));
  const count = 1 + random.below(index === 0 ? 900 : 30);
  const file = (of: string, number: number): string =>
    `/usr/${random.pick(["bin", "lib64", "share/x"])}/${of}-${number}`;
  const files = Array.from({ length: count }, (_, number) => file(name, number));
  const modularity = random.chance(0.3) ? `ModularityLabel: mod:${index}:8030:abc\n` : "";
  return `Name: ${name}
Version: ${version()}
Release: ${random.pick(["1", "3.el9", "0.2.rc1.fc40", "28.module+el8.9.0+1+ab"])}
${epoch}Summary: thing
License: ${random.pick(["MIT", "GPL-2.0-or-later AND BSD-3-Clause", "ASL 2.0"])}
${random.chance(0.7) ? "Vendor: Fedora Project\n" : ""}${modularity}AutoReqProv: no
%description
thing
${subpackages
  .map(
    (sub) => `%package ${sub}
Summary: more
${random.chance(0.5) ? `Version: ${version()}\n` : ""}${random.chance(0.3) ? `Epoch: ${1 + random.below(3)}\n` : ""}${random.chance(0.5) ? "BuildArch: noarch\n" : ""}Requires: ${name}
%description ${sub}
more
%files ${sub}
%ghost /usr/share/${name}-${sub}
`,
  )
  .join("")}%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib64 %{buildroot}/usr/share/x %{buildroot}/etc/${name}
${files.map((path) => `: > %{buildroot}${path}`).join("\n")}
${subpackages.map((sub) => `: > %{buildroot}/usr/share/${name}-${sub}`).join("\n")}
%files
%dir /etc/${name}
${files.join("\n")}
`;
}

/** The format of rpm's lib/backend/ndb/rpmpkg.c: header, slots, blobs of whole blocks. */
function ndbOf(blobs: readonly (readonly [number, Buffer])[]): Buffer {
  const slotPages = Math.ceil((blobs.length + 2) / 256);
  const slots = Buffer.alloc(slotPages * 4096);
  for (let at = 0; at < slots.length; at += 16) slots.write("Slot", at, "latin1");
  slots.write("RpmP", 0, "latin1");
  slots.fill(0, 4, 32);
  slots.writeUInt32LE(blobs.length, 8);
  slots.writeUInt32LE(slotPages, 12);
  slots.writeUInt32LE(blobs.length + 1, 16);
  const pieces: Buffer[] = [slots];
  let block = slots.length / 16;
  blobs.forEach(([number, blob], index) => {
    const blocks = Math.ceil((blob.length + 28) / 16);
    const piece = Buffer.alloc(blocks * 16);
    piece.write("BlbS", 0, "latin1");
    piece.writeUInt32LE(number, 4);
    piece.writeUInt32LE(blob.length, 12);
    blob.copy(piece, 16);
    piece.writeUInt32LE(blob.length, piece.length - 8);
    piece.write("BlbE", piece.length - 4, "latin1");
    const slot = 32 + index * 16;
    slots.writeUInt32LE(number, slot + 4);
    slots.writeUInt32LE(block, slot + 8);
    slots.writeUInt32LE(blocks, slot + 12);
    block += blocks;
    pieces.push(piece);
  });
  return Buffer.concat(pieces);
}

/** A hash table as rpm up to 4.15 keeps it, written by Berkeley DB itself: numbers in the machine's order, 0 the last of them. */
function berkeleyOf(
  directory: string,
  order: number,
  blobs: readonly (readonly [number, Buffer])[],
): Buffer | undefined {
  const key = (number: number): string => {
    const bytes = Buffer.alloc(4);
    if (order === 1234) bytes.writeUInt32LE(number);
    else bytes.writeUInt32BE(number);
    return bytes.toString("hex");
  };
  const rows = [
    ` ${key(0)}\n ${key(blobs.length)}`,
    ...blobs.map(([number, blob]) => ` ${key(number)}\n ${blob.toString("hex")}`),
  ];
  const path = join(directory, `Packages-${order}`);
  const header = `VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder=${order}\ndb_pagesize=4096\nHEADER=END\n`;
  const loaded = spawnSync(berkeleyLoader, [path], { input: `${header}${rows.join("\n")}\nDATA=END\n` });
  return loaded.status === 0 ? readFileSync(path) : undefined;
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, [...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
