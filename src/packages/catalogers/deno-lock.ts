import type { Cataloger } from "../cataloger.ts";
import { entriesOf, objectOf, textsOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/**
 * Deno's lock file: packages of npm, and of JSR under the names JSR itself gives them on npm ("@jsr/std__path"). Modules by
 * address have no version of their own.
 */
export const denoLock: Cataloger = lockFile({
  id: "deno-lock",
  summary: "Deno: deno.lock, lock file versions 2 to 5",
  type: "npm",
  path: /(?:^|\/)deno\.lock$/,
  *read(text, _path, damaged) {
    const lock = lockJson(text, damaged);
    // Since version 4 both stand at the top, in 3 under `packages`, in 2 npm had a place of its own.
    const older = objectOf(lock["packages"]) ?? {};
    const npm = objectOf(lock["npm"]) ?? older["npm"];
    for (const [key, value] of entriesOf(objectOf(npm)?.["packages"] ?? npm)) {
      const found = identify(key);
      if (!found) continue;
      const dependencies = objectOf(value)?.["dependencies"];
      const named = objectOf(dependencies)
        ? entriesOf(dependencies).map(([name]) => name)
        : textsOf(dependencies).map((one) => identify(one)?.name ?? one);
      yield { ...found, requires: named };
    }
    for (const [key] of entriesOf(lock["jsr"] ?? older["jsr"])) {
      const found = identify(key);
      if (found) yield { name: `@jsr/${found.name.slice(1).replace("/", "__")}`, version: found.version };
    }
  },
  examples: [
    {
      title: "version 5: npm with a peer, JSR",
      files: {
        "deno.lock":
          '{"version":"5","specifiers":{"npm:chalk@5":"5.3.0"},"jsr":{"@std/path@1.0.8":{"integrity":"x"}},"npm":{"chalk@5.3.0":{"integrity":"sha512-x"},"react-dom@18.2.0_react@18.2.0":{"integrity":"sha512-y","dependencies":["loose-envify","react@18.2.0"]}}}',
      },
      purls: ["pkg:npm/%40jsr/std__path@1.0.8", "pkg:npm/chalk@5.3.0", "pkg:npm/react-dom@18.2.0"],
    },
    {
      title: "versions 2 and 3",
      files: {
        "a/deno.lock":
          '{"version":"2","npm":{"specifiers":{},"packages":{"@types/node@18.0.0":{"integrity":"sha512-x","dependencies":{}}}}}',
        "b/deno.lock":
          '{"version":"3","packages":{"specifiers":{},"npm":{"ms@2.1.3":{"integrity":"sha512-x","dependencies":{}}}},"remote":{"https://deno.example/std@0.1/mod.ts":"aa"}}',
      },
      purls: ["pkg:npm/%40types/node@18.0.0", "pkg:npm/ms@2.1.3"],
    },
  ],
});

/** Of "name@1.2.3" and "name@1.2.3_peer@4.5.6". */
function identify(key: string): { name: string; version: string } | undefined {
  const at = key.indexOf("@", 1);
  const version = at < 0 ? "" : (key.slice(at + 1).split("_", 1)[0] ?? "");
  return /^\d/.test(version) ? { name: key.slice(0, at), version } : undefined;
}
