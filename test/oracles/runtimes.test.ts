import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogDirectory, cataloger, onlyFor } from "../support/catalog.ts";
import { outside, scratchDirectory } from "../support/outside.ts";

const limit = 170_000;

describe("runtimes", () => {
  const debs: Readonly<Record<string, string>> = {
    "apache2-bin": "httpd",
    bash: "bash",
    busybox: "busybox",
    curl: "curl",
    git: "git",
    haproxy: "haproxy",
    "libruby3.1": "ruby",
    libssl3: "openssl",
    "mariadb-server-core": "mariadb",
    memcached: "memcached",
    nginx: "nginx",
    "perl-base": "perl",
    "php8.2-cli": "php",
    "postgresql-15": "postgres",
    "python3.11-minimal": "python",
    "redis-tools": "redis",
  };

  it("finds in the binaries of Debian's packages the versions these packages have", { timeout: limit }, (context) => {
    const directory = scratchDirectory(context);
    outside(context, directory, "apt-get", ["download", ...Object.keys(debs)], { seconds: 120 });
    mkdirSync(join(directory, "x"));
    const files = readdirSync(directory).filter((name) => name.endsWith(".deb"));
    const wrong: string[] = [];
    for (const file of files) {
      const name = file.slice(0, file.indexOf("_"));
      const version = outside(context, directory, "dpkg-deb", ["-f", file, "Version"]).trim();
      outside(context, directory, "dpkg-deb", ["-x", file, `x/${name}`]);
      // Upstream's version, or what "really" stands behind a higher one.
      const upstream = (
        /really([^-]+)/.exec(version)?.[1] ?? version.replace(/^\d+:/, "").replace(/[-+].*$/, "")
      ).replace(/\+.*$/, "");
      const found = catalogDirectory(join(directory, "x", name), cataloger("runtimes"));
      if (
        !found.some((one) => one.name === debs[name] && one.version === upstream) ||
        found.some((one) => one.version !== upstream)
      )
        wrong.push(`${name} ${version}: ${found.map(({ purl }) => purl).join(" ") || "nothing"}`);
    }
    expect(wrong).toEqual([]);
  });

  it("finds this very Node", { timeout: limit }, () => {
    const found = catalogDirectory(join(process.execPath, ".."), onlyFor(cataloger("runtimes"), "node"));
    expect(found.map(({ purl }) => purl)).toEqual([`pkg:generic/node@${process.versions.node}`]);
  });
});
