import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, readJson, textOf } from "../documents.ts";
import { parsePurl } from "../purl.ts";
import { languagePackage } from "../reading/language-package.ts";

const document = /(?:^|\/)opt\/bitnami\/(?:[^/]+\/)*\.spdx-[^/]+\.(?:spdx|json)$/;

/** Components of Bitnami's images, by the SPDX document that stands beside each. What it says of others' files they say themselves. */
export const bitnami: Cataloger = {
  id: "bitnami",
  summary: "Bitnami components: opt/bitnami/*/.spdx-*.spdx",
  evidence: "installed",
  wants: (path, { size }) => path.includes("/.spdx-") && document.test(path) && size <= 32 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const json = readJson(files, path);
      if (!json || textOf(json["spdxVersion"]) === undefined) unreadable(path, "it is no SPDX document");
      for (const one of listOf(json?.["packages"]).map(objectOf)) {
        const purl = listOf(one?.["externalRefs"])
          .map((reference) => textOf(objectOf(reference)?.["referenceLocator"]) ?? "")
          .map((locator) => (locator.startsWith("pkg:bitnami/") ? parsePurl(locator) : undefined))
          .find((parsed) => parsed !== undefined);
        const version = purl?.version ?? textOf(one?.["versionInfo"]);
        if (!purl || version === undefined) continue;
        const license = textOf(one?.["licenseDeclared"]) ?? "NOASSERTION";
        const arch = purl.qualifiers?.["arch"];
        yield* languagePackage({
          type: "bitnami",
          name: purl.name,
          version,
          files: [path],
          licenses: license === "NOASSERTION" || license === "NONE" ? [] : [license],
          ...(arch === undefined ? {} : { arch }),
          ...(purl.qualifiers ? { qualifiers: purl.qualifiers } : {}),
        });
      }
    }
  },
  examples: [
    {
      title: "a component, and a part of it that is not Bitnami's",
      files: {
        "opt/bitnami/nginx/.spdx-nginx.spdx": JSON.stringify({
          spdxVersion: "SPDX-2.3",
          packages: [
            {
              SPDXID: "SPDXRef-nginx",
              name: "nginx",
              versionInfo: "1.25.3-2",
              licenseDeclared: "BSD-2-Clause",
              externalRefs: [
                { referenceType: "cpe23Type", referenceLocator: "cpe:2.3:*:nginx:nginx:1.25.3:*:*:*:*:*:*:*" },
                { referenceType: "purl", referenceLocator: "pkg:bitnami/nginx@1.25.3-2?arch=amd64&distro=debian-11" },
              ],
            },
            {
              name: "modsecurity",
              versionInfo: "3.0.10",
              externalRefs: [{ referenceType: "purl", referenceLocator: "pkg:github/owner/modsecurity@3.0.10" }],
            },
          ],
        }),
      },
      purls: ["pkg:bitnami/nginx@1.25.3-2?arch=amd64&distro=debian-11"],
    },
  ],
};
