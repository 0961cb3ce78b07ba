import type { Cataloger } from "../cataloger.ts";
import { baseName, readJson, textOf, textsOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const record = /(?:^|\/)conda-meta\/[^/]+\.json$/;

/** Conda packages by the records in `conda-meta`: of named environments and of the base one, which lies in no `envs/`. */
export const conda: Cataloger = {
  id: "conda",
  summary: "Conda packages of every environment, the base one too: conda-meta/*.json",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith(".json") && record.test(path) && size <= 32 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      if (!record.test(path)) continue;
      const json = readJson(files, path);
      if (!json) unreadable(path, "it is no JSON object");
      const [name, version] = [textOf(json?.["name"]), textOf(json?.["version"])];
      if (name === undefined || version === undefined) continue;
      const license = textOf(json?.["license"]);
      const [build, subdir, channel] = ["build", "subdir", "channel"].map((key) => textOf(json?.[key]));
      yield* languagePackage({
        type: "conda",
        name,
        version,
        licenses: license === undefined ? [] : [license],
        files: [path],
        requires: textsOf(json?.["depends"]).map((one) => one.split(/[\s<>=!]/, 1)[0] ?? ""),
        ...(subdir === undefined ? {} : { arch: subdir }),
        qualifiers: { build: build ?? "", subdir: subdir ?? "", channel: channelName(channel ?? "", subdir) },
      });
    }
  },
  examples: [
    {
      title: "the base environment and another",
      files: {
        "opt/conda/conda-meta/openssl-3.0.13-h7f8727e_0.json":
          '{"name":"openssl","version":"3.0.13","build":"h7f8727e_0","channel":"https://conda.example/pkgs/main/linux-64","subdir":"linux-64","license":"Apache-2.0","depends":["ca-certificates"]}',
        "opt/conda/envs/web/conda-meta/zlib-1.2.13-h5eee18b_0.json":
          '{"name":"zlib","version":"1.2.13","build":"h5eee18b_0","channel":"conda-forge","subdir":"linux-64"}',
      },
      purls: [
        "pkg:conda/openssl@3.0.13?build=h7f8727e_0&channel=main&subdir=linux-64",
        "pkg:conda/zlib@1.2.13?build=h5eee18b_0&channel=conda-forge&subdir=linux-64",
      ],
    },
  ],
};

/** "conda-forge" of "https://…/conda-forge/linux-64", and of itself. */
function channelName(channel: string, subdir = ""): string {
  return baseName(subdir !== "" && channel.endsWith(`/${subdir}`) ? channel.slice(0, -subdir.length - 1) : channel);
}
