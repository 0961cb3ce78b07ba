import type { Cataloger } from "../cataloger.ts";
import { databaseLimits } from "../limits.ts";
import { osPurl } from "../reading/os-purl.ts";
import { isOsRelease, type OsRelease, readOsRelease } from "../os-release.ts";
import type { Package } from "../package.ts";
import { readBytes } from "../reading/read-file.ts";
import { barePath } from "../reading/stanzas.ts";
import { unzstd } from "../zstd/unzstd.ts";

const manifest = "var/lib/chisel/manifest.wall";
const largest = 8 << 20;

/**
 * Packages of chiselled Ubuntu: slices of Debian packages, listed in Chisel's manifest, one JSON value a line, packed with
 * zstd. The manifest does not name source packages: a package counts as its own source.
 */
export const chisel: Cataloger = {
  id: "chisel",
  summary: "Chiselled Ubuntu packages: var/lib/chisel/manifest.wall",
  evidence: "installed",
  wants: (path) => path === manifest || isOsRelease(path),
  *catalog(files, unreadable) {
    const packed = readBytes(files, manifest, largest);
    const text = packed && unzstd(packed, databaseLimits.fileBytes);
    if (packed && !text) unreadable(manifest, "it is no zstd file, or a damaged one");
    const damaged = (reason: string): void => unreadable(manifest, reason);
    if (text) yield* packagesOf(new TextDecoder().decode(text), readOsRelease(files), damaged);
  },
  examples: [
    {
      title: "a package and one of its slices",
      files: {
        "etc/os-release": 'ID=ubuntu\nVERSION_ID="24.04"\n',
        "var/lib/chisel/manifest.wall": {
          base64:
            "KLUv/QRorQYA8s0oGWB3DtTPQFrrfsZI3DsiCHL+LQ6dDQahgUVApxjwvNFmXkGWcuVrgW8EUYjD81NRf2esmw7y8ryI8lDx8FNe8e/E4ZXEiLP/bghEgV2LOdhRHN5WtC/O/k5F+3eO4iSjJdxmiNpIDYND63DFbDj8vNH6e+WmUzbNlUIBd3QOz5LW/vu1fG0lD/9YOp0DugT+WqySkeIp+++EUBy+1qjZqqVzARAAnitD0ko4mAAwM/jWDJaYlVQQJyeItOobmMfI1cQlEgv5WcSAB4EJz2GSYuIBH7MGHg==",
        },
      },
      purls: ["pkg:deb/ubuntu/base-files@13ubuntu10.2?arch=amd64&distro=ubuntu-24.04"],
    },
  ],
};

function packagesOf(text: string, release: OsRelease | undefined, damaged: (reason: string) => void): Package[] {
  const packages = new Map<string, { version: string; arch: string; owns: string[] }>();
  let ownedPaths = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const entry = parseLine(text.slice(start, end));
    if (end > start && Object.keys(entry).length === 0) damaged("a line in it is no JSON object");
    start = end + 1;
    const word = (key: string): string => (typeof entry[key] === "string" ? entry[key] : "");
    if (entry["kind"] === "package" && word("name") !== "" && word("version") !== "") {
      if (packages.size >= databaseLimits.packages || packages.has(word("name"))) continue;
      packages.set(word("name"), { version: word("version"), arch: word("arch"), owns: [] });
    } else if (entry["kind"] === "path" && Array.isArray(entry["slices"]) && !word("path").endsWith("/")) {
      for (const slice of entry["slices"] as unknown[]) {
        // "package_slice": names of packages have no underscore.
        const owner = typeof slice === "string" ? packages.get(slice.slice(0, slice.indexOf("_"))) : undefined;
        if (!owner || ++ownedPaths > databaseLimits.ownedPaths) continue;
        const path = barePath(word("path"));
        if (owner.owns.at(-1) !== path) owner.owns.push(path);
      }
    }
  }
  return [...packages].map(([name, { version, arch, owns }]) => ({
    purl: osPurl({ type: "deb", name, version, arch, vendor: "ubuntu" }, release),
    type: "deb",
    name,
    version,
    source: { name, version },
    ...(arch && { arch }),
    licenses: [],
    files: [manifest],
    owns,
  }));
}

function parseLine(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
