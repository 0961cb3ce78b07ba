import type { Cataloger } from "../cataloger.ts";
import { databaseLimits } from "../limits.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import { readText } from "../reading/read-file.ts";
import { rpmPackage } from "../rpm/package.ts";

const inventory =
  /^(?:[a-z0-9_]+-bottlerocket-linux-gnu\/sys-root\/)?usr\/share\/bottlerocket\/application-inventory\.json$/;
const largest = 32 << 20;

/** Packages of Bottlerocket: rpm packages without a database, listed in one JSON file. */
export const bottlerocket: Cataloger = {
  id: "bottlerocket",
  summary: "Bottlerocket packages: usr/share/bottlerocket/application-inventory.json",
  evidence: "installed",
  wants: (path) => (path.endsWith("/application-inventory.json") ? inventory.test(path) : isOsRelease(path)),
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const seen = new Set<string>();
    for (const path of files.paths) {
      if (!inventory.test(path)) continue;
      const entries = entriesOf(readText(files, path, largest) ?? "");
      if (!entries) unreadable(path, "it is no JSON with a list of contents");
      for (const entry of entries ?? []) {
        const text = (key: string): string => (typeof entry[key] === "string" ? entry[key] : "");
        const name = text("Name");
        const version = text("Version");
        const epoch = text("Epoch");
        if (name === "" || version === "") continue;
        const found = rpmPackage(
          {
            name,
            version,
            release: text("Release"),
            epoch: /^\d{1,9}$/.test(epoch) ? Number(epoch) : undefined,
            arch: text("Architecture"),
            vendor: text("Publisher"),
          },
          path,
          release,
          "bottlerocket",
        );
        if (!seen.has(found.purl)) yield found;
        seen.add(found.purl);
      }
    }
  },
  examples: [
    {
      title: "an inventory",
      files: {
        "etc/os-release": "ID=bottlerocket\nVERSION_ID=1.20.0\n",
        "x86_64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json": JSON.stringify({
          Content: [
            {
              Name: "glibc",
              Publisher: "Bottlerocket",
              Version: "2.38",
              Release: "1.1715000000.abc.br1",
              Epoch: "0",
              Architecture: "x86_64",
            },
          ],
        }),
      },
      purls: ["pkg:rpm/bottlerocket/glibc@2.38-1.1715000000.abc.br1?arch=x86_64&distro=bottlerocket-1.20.0"],
    },
  ],
};

function entriesOf(text: string): Record<string, unknown>[] | undefined {
  try {
    const content = (JSON.parse(text) as { Content?: unknown } | null)?.Content;
    if (!Array.isArray(content)) return undefined;
    return content
      .slice(0, databaseLimits.packages)
      .filter((entry): entry is Record<string, unknown> => typeof entry === "object" && entry !== null);
  } catch {
    return undefined;
  }
}
