import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const receipt = /(?:^|\/)Cellar\/([^/]+)\/([^/]+)\/INSTALL_RECEIPT\.json$/;

/** What Homebrew installed, by the receipt in each keg: name and version are those of its directories. */
export const brew: Cataloger = {
  id: "brew",
  summary: "Homebrew formulae: Cellar/*/*/INSTALL_RECEIPT.json",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith("/INSTALL_RECEIPT.json") && receipt.test(path) && size <= 4 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const [, name, version] = receipt.exec(path) ?? [];
      if (name === undefined || version === undefined) continue;
      const json = readJson(files, path);
      if (!json) unreadable(path, "it is no JSON object");
      if (!json) continue;
      const tap = textOf(objectOf(json["source"])?.["tap"]);
      const requires = listOf(json["runtime_dependencies"]).flatMap((one) => {
        const dependency = textOf(objectOf(one)?.["full_name"]);
        return dependency === undefined ? [] : [dependency.slice(dependency.lastIndexOf("/") + 1)];
      });
      yield* languagePackage({
        type: "brew",
        name,
        version,
        files: [path],
        requires,
        ...(tap === undefined || tap === "homebrew/core" ? {} : { qualifiers: { tap } }),
      });
    }
  },
  examples: [
    {
      title: "a formula, and one of somebody else's tap",
      files: {
        "home/linuxbrew/.linuxbrew/Cellar/openssl@3/3.3.1/INSTALL_RECEIPT.json":
          '{"homebrew_version":"4.3.5","source":{"tap":"homebrew/core"},"runtime_dependencies":[{"full_name":"ca-certificates","version":"2024-03-11"}]}',
        "home/linuxbrew/.linuxbrew/Cellar/tool/1.0_2/INSTALL_RECEIPT.json": '{"source":{"tap":"owner/tap"}}',
      },
      purls: ["pkg:brew/openssl%403@3.3.1", "pkg:brew/tool@1.0_2?tap=owner%2Ftap"],
    },
  ],
};
