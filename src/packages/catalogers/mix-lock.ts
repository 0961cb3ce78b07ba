import type { Cataloger } from "../cataloger.ts";
import { lockFile } from "../lockfiles/lock-file.ts";

/** Mix writes one line a package, an Elixir tuple; it is read as text and never evaluated. */
const hex = /^\s{0,8}"[^"\n]{1,256}":\s?\{:hex, :(?:"([^"\n]{1,256})"|([a-z0-9_]{1,256})), "([^"\n]{1,256})", /;

/** Elixir's and Erlang's lock file. */
export const mixLock: Cataloger = lockFile({
  id: "mix-lock",
  summary: "Mix: mix.lock",
  type: "hex",
  path: /(?:^|\/)mix\.lock$/,
  *read(text, _path, damaged) {
    if (!/^\s{0,8}%\{/.test(text) || !text.trimEnd().endsWith("}")) damaged("it is no Elixir map");
    for (const line of text.split("\n")) {
      const found = hex.exec(line);
      const [name, version] = [found?.[1] ?? found?.[2], found?.[3]];
      if (name === undefined || version === undefined) continue;
      yield {
        name,
        version,
        requires: [...line.matchAll(/\{:([a-z0-9_]{1,256}), "/g)]
          .flatMap((one) => one[1] ?? [])
          .filter((one) => one !== "hex"),
      };
    }
  },
  examples: [
    {
      title: "packages of Hex; repositories are left out",
      files: {
        "mix.lock":
          '%{\n  "plug": {:hex, :plug, "1.14.0", "ba4f", [:mix], [{:mime, "~> 1.0 or ~> 2.0", [hex: :mime, repo: "hexpm", optional: false]}], "hexpm", "bf02"},\n  "shop": {:git, "https://git.example/shop.git", "0a1b", []},\n}\n',
      },
      purls: ["pkg:hex/plug@1.14.0"],
    },
  ],
});
