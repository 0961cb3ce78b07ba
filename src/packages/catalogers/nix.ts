import type { Cataloger } from "../cataloger.ts";
import { languagePackage } from "../reading/language-package.ts";

/** One of the first files of a store path: nearly all have one of these two levels down, and one is enough to know it is there. */
const firstFiles = /(?:^|\/)nix\/store\/[0-9a-z]{32}-([^/]+)\/(?:[^/]+\/)?[^/]+$/;
/** Parts a package is split into; they are one package. */
const output = /-(?:bin|dev|devdoc|doc|info|lib|libgcc|man|out|static|debug|data|getent|terminfo|dist)$/;

/**
 * Packages of a Nix store, by the names of its directories: a version begins at the first dash before a digit, as Nix itself
 * splits them. The store does not say whose expression built one: it is taken for nixpkgs'. What has no version is no package.
 */
export const nix: Cataloger = {
  id: "nix",
  summary: "Nix packages: nix/store/*",
  evidence: "installed",
  anyName: true,
  wants: (path) => path.includes("nix/store/") && firstFiles.test(path),
  condense: () => new Uint8Array(0),
  *catalog(files) {
    const seen = new Set<string>();
    for (const path of files.paths) {
      const store = firstFiles.exec(path)?.[1];
      if (store === undefined || seen.has(store)) continue;
      seen.add(store);
      const [, name, version] = /^([a-zA-Z][\w.+-]{0,200}?)-(\d[\w.+-]{0,200})$/.exec(store.replace(output, "")) ?? [];
      if (name !== undefined && version !== undefined && !/\.(?:drv|patch|sh|tar\.\w+|zip|diff|conf|json)$/.test(store))
        yield* languagePackage({ type: "nix", name: `nixpkgs/${name}`, version, files: [path] });
    }
  },
  examples: [
    {
      title: "two outputs of a package, one with a dash in its name, a source and a script that are none",
      files: {
        "nix/store/0c5f3iqm4zkzjh7qlhz1b4ihm23jkzyv-openssl-3.0.13/lib/libssl.so.3": "x",
        "nix/store/1a2f3iqm4zkzjh7qlhz1b4ihm23jkzyv-openssl-3.0.13-bin/bin/openssl": "x",
        "nix/store/2b3f3iqm4zkzjh7qlhz1b4ihm23jkzyv-python3.11-requests-2.31.0/nix-support/propagated-build-inputs":
          "x",
        "nix/store/3c4f3iqm4zkzjh7qlhz1b4ihm23jkzyv-hello-2.12.tar.gz/file": "x",
        "nix/store/4d5f3iqm4zkzjh7qlhz1b4ihm23jkzyv-entrypoint/bin/entrypoint": "x",
      },
      purls: ["pkg:nix/nixpkgs/openssl@3.0.13", "pkg:nix/nixpkgs/python3.11-requests@2.31.0"],
    },
  ],
};
