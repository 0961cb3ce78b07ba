import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

const pinned =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,200})\s{0,20}(?:\[[^\]]{0,500}\])?\s{0,20}===?\s{0,20}([0-9A-Za-z.!+_-]{1,200})\s{0,20}(?:;|--|$)/;

/** Requirements that are pinned to one version; ranges say nothing of what is installed, and `-r` files stand for themselves. */
export const requirements: Cataloger = lockFile({
  id: "requirements",
  summary: "pip: requirements.txt, as far as it pins versions",
  type: "pypi",
  path: /(?:^|\/)(?:[^/]*requirements[^/]*\.txt|requirements\/[^/]+\.txt)$/i,
  *read(text, path) {
    const dev = /(?:dev|tests?|lint|docs?|typing)[^/]*\.txt$/i.test(path);
    for (const line of text.replace(/\\\r?\n/g, " ").split("\n")) {
      const found = pinned.exec(line.replace(/(?:^|\s)#.*$/, "").trim());
      if (found?.[1] !== undefined && found[2] !== undefined) yield { name: found[1], version: found[2], dev };
    }
  },
  examples: [
    {
      title: "pins count, with hashes, extras and markers; ranges and wildcards do not",
      files: {
        "requirements.txt":
          "# web\nFlask==2.0.1 \\\n    --hash=sha256:aa\nrequests[socks] == 2.31.0 ; python_version > '3'  # http\ndjango>=4\nattrs==22.*\n-r other.txt\n",
      },
      purls: ["pkg:pypi/flask@2.0.1", "pkg:pypi/requests@2.31.0"],
    },
  ],
});
