import type { Cataloger } from "../cataloger.ts";
import { readJson, textOf } from "../documents.ts";
import { languagePackage } from "../reading/language-package.ts";

const receipt = /(?:^|\/)\.meta\/([^/]+)\/install\.json$/;

/** Perl distributions that cpanm or Carton installed, by the receipt they leave: it knows the author, whom the identity needs. */
export const cpan: Cataloger = {
  id: "cpan",
  summary: "Perl distributions installed by cpanm: .meta/*/install.json",
  evidence: "installed",
  wants: (path, { size }) => path.endsWith("/install.json") && receipt.test(path) && size <= 1 << 20,
  *catalog(files, unreadable) {
    for (const path of files.paths) {
      const json = readJson(files, path);
      if (!json) unreadable(path, "it is no JSON object");
      // "A/AU/AUTHOR/Distribution-1.2.tar.gz", and the same without the archive's ending.
      const author = /^\w\/\w{2}\/(\w{2,64})\//.exec(textOf(json?.["pathname"]) ?? "")?.[1];
      const [, name, version] = /^([\w-]{1,200}?)-v?(\d[\w.]{0,100})$/.exec(textOf(json?.["dist"]) ?? "") ?? [];
      if (name === undefined || version === undefined) continue;
      yield* languagePackage({
        type: "cpan",
        name: author === undefined ? name : `${author}/${name}`,
        version,
        files: [path],
      });
    }
  },
  examples: [
    {
      title: "a distribution whose name has dashes",
      files: {
        "usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux-gnu/.meta/HTTP-Daemon-6.14/install.json":
          '{"dist":"HTTP-Daemon-6.14","version":"6.14","name":"HTTP::Daemon","target":"HTTP::Daemon","pathname":"O/OA/OALDERS/HTTP-Daemon-6.14.tar.gz","provides":{"HTTP::Daemon":{"file":"HTTP/Daemon.pm","version":"6.14"}}}',
      },
      purls: ["pkg:cpan/OALDERS/HTTP-Daemon@6.14"],
    },
  ],
};
