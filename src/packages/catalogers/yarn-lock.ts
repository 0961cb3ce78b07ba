import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile, type TellDamaged } from "../lockfiles/lock-file.ts";
import { mapAt, parsePlainYaml, stringAt } from "../lockfiles/plain-yaml.ts";

/** Yarn's lock file: a format of its own in version 1, YAML since version 2. It does not say what is for development. */
export const yarnLock: Cataloger = lockFile({
  id: "yarn-lock",
  summary: "Yarn: yarn.lock, classic and berry",
  type: "npm",
  path: /(?:^|\/)yarn\.lock$/,
  read: (text, _path, damaged) => (/^__metadata:/m.test(text) ? readBerry(text, damaged) : readClassic(text, damaged)),
  examples: [
    {
      title: "classic",
      files: {
        "yarn.lock":
          '# yarn lockfile v1\n\n\n"@babel/core@^7.0.0", "@babel/core@^7.1.0":\n  version "7.20.2"\n  resolved "https://registry.example/core.tgz#x"\n  dependencies:\n    ms "2.1.2"\n\n"old@npm:lodash@3":\n  version "3.10.1"\n\n"shared@file:./shared":\n  version "1.0.0"\n',
      },
      purls: ["pkg:npm/%40babel/core@7.20.2", "pkg:npm/lodash@3.10.1"],
    },
    {
      title: "berry: workspaces and directories are left out, what is patched counts",
      files: {
        "yarn.lock":
          '__metadata:\n  version: 6\n\n"ms@npm:2.1.2, ms@npm:^2.1.1":\n  version: 2.1.2\n  resolution: "ms@npm:2.1.2"\n  languageName: node\n  linkType: hard\n\n"left-pad@patch:left-pad@npm%3A1.3.0#~/.yarn/patches/left-pad.patch":\n  version: 1.3.0\n  resolution: "left-pad@patch:left-pad@npm%3A1.3.0#~/.yarn/patches/left-pad.patch::version=1.3.0&hash=a1b2c3"\n  linkType: hard\n\n"shared@file:./shared::locator=shop%40workspace%3A.":\n  version: 1.0.0\n  resolution: "shared@file:./shared#./shared::hash=a1b2c3&locator=shop%40workspace%3A."\n  linkType: hard\n\n"shop@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "shop@workspace:."\n  linkType: soft\n',
      },
      purls: ["pkg:npm/left-pad@1.3.0", "pkg:npm/ms@2.1.2"],
    },
  ],
});

function* readBerry(text: string, damaged: TellDamaged): Generator<Locked> {
  for (const [key, value] of parsePlainYaml(text)) {
    const entry = mapAt(value);
    const resolution = stringAt(entry.get("resolution")) ?? "";
    const version = stringAt(entry.get("version"));
    const name = resolution.slice(0, Math.max(0, resolution.indexOf("@", 1)));
    if (key !== "__metadata" && (version === undefined || name === "")) damaged("a package in it has no version");
    if (key === "__metadata" || version === undefined || name === "" || entry.get("linkType") === "soft") continue;
    if (isDirectory(resolution.slice(name.length + 1).split("::", 1)[0] ?? "")) continue;
    yield { name, version, requires: [...mapAt(entry.get("dependencies")).keys()] };
  }
}

function* readClassic(text: string, damaged: TellDamaged): Generator<Locked> {
  let name = "";
  let version = "";
  let requires: string[] = [];
  let inDependencies = false;
  for (const line of [...text.split(/\r?\n/), "end"]) {
    if (line === "" || line.startsWith("#")) continue;
    if (!line.startsWith(" ")) {
      if (name !== "" && version !== "") yield { name, version, requires };
      else if (name !== "") damaged("a package in it has no version");
      if (line !== "end" && !line.endsWith(":")) damaged("a line in it is no entry");
      name = nameOf(line);
      [version, requires, inDependencies] = ["", [], false];
      continue;
    }
    const pair = /^( {2,4})"?([^\s"]{1,300})"?(?: "?([^\s"]{0,300})|:$)/.exec(line);
    if (!pair) continue;
    if (pair[1]?.length === 4) {
      if (inDependencies && pair[2] !== undefined) requires.push(pair[2]);
    } else {
      inDependencies = pair[2] === "dependencies" || pair[2] === "optionalDependencies";
      if (pair[2] === "version") version = pair[3] ?? "";
    }
  }
}

/** The project's own directories: named by a path that is no archive's. */
function isDirectory(range: string): boolean {
  return /^(?:file|link|portal):/.test(range) && !/\.t(?:ar\.)?gz(?:#|$)/.test(range);
}

/** "" where it is a directory: of `"name@range", "name@other":`, or of what an alias stands for. */
function nameOf(line: string): string {
  const first = line.split(",", 1)[0] ?? "";
  const pattern = first.replace(/^"/, "");
  const at = pattern.indexOf("@", 1);
  if (at < 0) return "";
  const range = pattern.slice(at + 1);
  if (isDirectory(range.replace(/[":]+$/, ""))) return "";
  if (!range.startsWith("npm:")) return pattern.slice(0, at);
  const alias = range.slice("npm:".length);
  const end = alias.indexOf("@", 1);
  return end < 0 ? alias.replace(/[":]+$/, "") : alias.slice(0, end);
}
