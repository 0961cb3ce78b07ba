import { detectRelease, type OsRelease } from "../advisories/index.ts";
import { PlimsollError } from "../core/index.ts";
import { kindOf, openRandomFile } from "../host/index.ts";
import { readSbom, type Sbom, sbomLimits, type SbomRelease } from "../packages/index.ts";
import type { ScanTarget } from "../report/index.ts";
import type { Origin } from "../weight/index.ts";
import { type ImageScan, matchInstalled, type ScanOptions, type ScanSubject } from "./scan.ts";

const scheme = "sbom:";

/** The file that a target names as a bill of materials: `sbom:FILE`, or a file that is there and is called like one. */
export function sbomTarget(target: string): string | undefined {
  if (target.startsWith(scheme)) return target.slice(scheme.length);
  const named = /(?:\.cdx|\.spdx|\.cyclonedx|(?:^|[/.-])s?bom)\.json$/i.test(target);
  return named && kindOf(target) === "file" ? target : undefined;
}

/**
 * Reads a bill of materials from a file.
 * @throws PlimsollError target.missing, target.too-large, target.unreadable, sbom.invalid
 */
export function readSbomFile(path: string): Sbom {
  const kind = kindOf(path);
  if (kind === "missing")
    throw new PlimsollError("target.missing", `${path} does not exist`, {
      hint: "plimsoll sbom IMAGE -o bom.cdx.json writes a bill of materials",
    });
  if (kind !== "file") throw new PlimsollError("target.unreadable", `${path} is not a file`);
  const file = openRandomFile(path);
  try {
    if (file.size > sbomLimits.bytes)
      throw new PlimsollError("target.too-large", `${path} is larger than ${sbomLimits.bytes >> 20} MiB`);
    return readSbom(Buffer.from(file.read(0, file.size)).toString("utf8"), path);
  } finally {
    file.close();
  }
}

/** What is known against the packages that a bill of materials lists: the same as of the image it was made from. */
export function scanSbom(sbom: Sbom, options: ScanOptions): ImageScan {
  const release = sbom.release && releaseOf(sbom.release);
  return matchInstalled(sbom.packages, release, sbom.gaps, options);
}

/** What the bill is about, as far as it says: with a layer's origin where its writer knew one. */
export function sbomSubject(sbom: Sbom, path: string): ScanSubject {
  const { name, digest, platform, created, layers } = sbom;
  const target: ScanTarget = {
    kind: "sbom",
    reference: name === "" ? path : name,
    ...(digest === undefined ? {} : { digest }),
    ...(platform === undefined ? {} : { platform }),
    ...(created === undefined ? {} : { created }),
    layers: layers.map(({ diffId }) => diffId),
  };
  return { target, origins: layers.map(({ origin }) => originOf(origin)) };
}

/** As Plimsoll found it in the image; of another tool's document what os-release would say is made of its words. */
function releaseOf(said: SbomRelease): OsRelease | undefined {
  const { id, version, name = id, codename, family, release, ecosystems } = said;
  if (family !== undefined && release !== undefined && ecosystems)
    return {
      family,
      id,
      name,
      version,
      release,
      ...(codename === undefined ? {} : { codename }),
      ecosystems,
      extendedSupport: ecosystems.some((ecosystem) => ecosystem.startsWith("Ubuntu:Pro:")),
      notes: [],
    };
  const [word, number, title, nickname] = [id, version, name, codename ?? ""].map((text) =>
    text.replace(/["'\\$`\p{Cc}]/gu, ""),
  );
  const text = `ID=${word}\nVERSION_ID="${number}"\nVERSION_CODENAME="${nickname}"\nPRETTY_NAME="${title === word ? `${word} ${number}` : title}"\n`;
  return detectRelease((path) => (path === "etc/os-release" ? text : undefined));
}

/** What a bill says of where a layer came from, if it has the shape. */
function originOf(value: unknown): Origin | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const one = value as Readonly<Record<string, unknown>>;
  const createdBy = textOf(one["createdBy"]);
  const said = createdBy === undefined ? {} : { createdBy };
  if (one["kind"] === "unknown") return { kind: "unknown", ...said };
  if (one["kind"] === "base") {
    const reference = textOf(one["reference"]);
    return { kind: "base", ...(reference === undefined ? {} : { reference }), ...said };
  }
  const at =
    typeof one["at"] === "object" && one["at"] !== null ? (one["at"] as Readonly<Record<string, unknown>>) : {};
  const range =
    typeof at["range"] === "object" && at["range"] !== null ? (at["range"] as Readonly<Record<string, unknown>>) : {};
  const [path, text] = [textOf(at["path"]), textOf(one["text"])];
  const [line, start, end] = [countOf(one["line"]), countOf(range["start"]), countOf(range["end"])];
  const certainty = (["exact", "aligned", "index"] as const).find((word) => word === one["certainty"]);
  if (path === undefined || text === undefined || !line || start === undefined || end === undefined || !certainty)
    return undefined;
  return { kind: "instruction", at: { kind: "source", path, range: { start, end } }, line, text, certainty };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
