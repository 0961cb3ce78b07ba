import { inflateSync } from "node:zlib";
import { listOf, objectOf, parseJson, textOf } from "../documents.ts";
import { bytesAt } from "./bytes.ts";
import type { Executable } from "./executable.ts";

/** One crate that was compiled in, as `cargo auditable` writes it. */
export interface AuditedCrate {
  readonly name: string;
  readonly version: string;
  /** "crates.io", "git", "local", "registry". */
  readonly source: string;
  readonly requires: readonly string[];
}

const largestSection = 4 << 20;
const largestJson = 8 << 20;
const mostCrates = 20_000;

/** The dependency list of a Rust program: zlib-packed JSON in the section `.dep-v0`. Crates only the build used are left out. */
export function readCargoAudit(executable: Executable): readonly AuditedCrate[] | undefined {
  const section = executable.sections.find((one) => one.name === ".dep-v0");
  if (!section || section.size > largestSection) return undefined;
  const packed = bytesAt(executable.file, section.offset, section.size, true).buffer;
  const crates = listOf(objectOf(parseJson(inflate(packed)))?.["packages"])
    .slice(0, mostCrates)
    .map((one) => objectOf(one) ?? {});
  const name = (index: unknown): string | undefined =>
    typeof index === "number" ? textOf(crates[index]?.["name"]) : undefined;
  const used = crates.filter((crate) => crate["kind"] !== "build");
  return used.map((crate) => ({
    name: textOf(crate["name"]) ?? "",
    version: textOf(crate["version"]) ?? "",
    source: textOf(crate["source"]) ?? "",
    requires: listOf(crate["dependencies"]).flatMap((index) => name(index) ?? []),
  }));
}

function inflate(packed: Buffer): string {
  try {
    return inflateSync(packed, { maxOutputLength: largestJson }).toString("utf8");
  } catch {
    return "";
  }
}
