import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";

/** Bundler's lock file; gems of a path are the project's own. */
export const gemfileLock: Cataloger = lockFile({
  id: "gemfile-lock",
  summary: "Bundler: Gemfile.lock and gems.locked",
  type: "gem",
  path: /(?:^|\/)(?:Gemfile\.lock|gems\.locked)$/,
  *read(text, _path, damaged) {
    let section = "";
    let inSpecs = false;
    let last: (Locked & { requires: string[] }) | undefined;
    for (const line of text.split(/\r?\n/)) {
      if (line !== "" && !line.startsWith(" ")) [section, inSpecs] = [line, false];
      else if (/^ {2}\S/.test(line)) inSpecs = line === "  specs:" && section !== "PATH";
      if (!inSpecs) continue;
      const spec = /^ {4}(\S{1,256}) \(([^()\s-]{1,256})(?:-([^()\s]{1,256}))?\)$/.exec(line);
      if (spec?.[1] !== undefined && spec[2] !== undefined) {
        if (last) yield last;
        last = {
          name: spec[1],
          version: spec[2],
          requires: [],
          ...(spec[3] === undefined ? {} : { qualifiers: { platform: spec[3] } }),
        };
      } else {
        const needed = /^ {6}([^\s!]{1,256})/.exec(line)?.[1];
        if (needed !== undefined) last?.requires.push(needed);
      }
    }
    if (last) yield last;
    // Bundler writes this section whatever is in it.
    if (!/^DEPENDENCIES\r?$/m.test(text)) damaged("it has no list of DEPENDENCIES");
  },
  examples: [
    {
      title: "gems, one for a platform, one of a repository; a path is left out",
      files: {
        "Gemfile.lock":
          "GIT\n  remote: https://git.example/x\n  revision: 0a1b\n  specs:\n    dotenv (2.8.1)\n\nPATH\n  remote: .\n  specs:\n    shop (0.1.0)\n\nGEM\n  remote: https://gems.example/\n  specs:\n    nokogiri (1.15.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.6.2)\n\nPLATFORMS\n  x86_64-linux\n\nDEPENDENCIES\n  nokogiri\n\nBUNDLED WITH\n   2.3.7\n",
      },
      purls: ["pkg:gem/dotenv@2.8.1", "pkg:gem/nokogiri@1.15.0?platform=x86_64-linux", "pkg:gem/racc@1.6.2"],
    },
  ],
});
