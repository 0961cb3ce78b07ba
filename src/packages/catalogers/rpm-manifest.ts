import type { Cataloger } from "../cataloger.ts";
import { databaseLimits } from "../limits.ts";
import { isOsRelease, readOsRelease } from "../os-release.ts";
import { readText } from "../reading/read-file.ts";
import { rpmPackage } from "../rpm/package.ts";

const manifest = "var/lib/rpmmanifest/container-manifest-2";

/**
 * rpm packages of distroless images made from CBL-Mariner and Azure Linux, which hold no database: a line each of name,
 * version-release, times of installation and build, vendor, epoch, size, architecture, epoch as a number, source; by tabs.
 */
export const rpmManifest: Cataloger = {
  id: "rpm-manifest",
  summary: "rpm packages of distroless Azure Linux: var/lib/rpmmanifest/container-manifest-2",
  evidence: "installed",
  wants: (path) => path === manifest || isOsRelease(path),
  *catalog(files, unreadable) {
    const release = readOsRelease(files);
    const lines = (readText(files, manifest) ?? "").split("\n", databaseLimits.packages);
    for (const line of lines) {
      const fields = line.trimEnd().split("\t", 10);
      const [name = "", evr = "", , , vendor, epoch, size, arch] = fields;
      const dash = evr.lastIndexOf("-");
      if (line !== "" && (name === "" || dash < 1)) unreadable(manifest, "a line in it names no package");
      if (name === "" || dash < 1 || name === "gpg-pubkey") continue;
      yield rpmPackage(
        {
          name,
          version: evr.slice(0, dash),
          release: evr.slice(dash + 1),
          epoch: count(epoch) ?? count(fields[8]),
          size: count(size),
          arch: said(arch),
          vendor: said(vendor),
          sourceRpm: said(fields[9]),
        },
        manifest,
        release,
        "mariner",
      );
    }
  },
  examples: [
    {
      title: "a package with an epoch and one without",
      files: {
        "etc/os-release": 'ID=mariner\nVERSION_ID="2.0"\n',
        "var/lib/rpmmanifest/container-manifest-2": `${[
          "openssl-libs\t1.1.1k-28.cm2\t1697000000\t1696000000\tMicrosoft Corporation\t(none)\t6013654\tx86_64\t0\topenssl-1.1.1k-28.cm2.src.rpm",
          "shadow-utils\t4.9-12.cm2\t1697000000\t1696000000\tMicrosoft Corporation\t2\t1000\tx86_64\t2\tshadow-utils-4.9-12.cm2.src.rpm",
        ].join("\n")}\n`,
      },
      purls: [
        "pkg:rpm/mariner/openssl-libs@1.1.1k-28.cm2?arch=x86_64&distro=mariner-2.0",
        "pkg:rpm/mariner/shadow-utils@4.9-12.cm2?arch=x86_64&distro=mariner-2.0&epoch=2",
      ],
    },
  ],
};

/** rpm writes "(none)" for what is not there. */
function said(field: string | undefined): string | undefined {
  return field === undefined || field === "(none)" ? undefined : field;
}

function count(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : undefined;
}
