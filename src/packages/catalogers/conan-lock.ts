import type { Cataloger } from "../cataloger.ts";
import { entriesOf, type Json, objectOf, textOf, textsOf } from "../documents.ts";
import { type Locked, lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** Conan's lock file: lists of references since version 2, a graph of them before. */
export const conanLock: Cataloger = lockFile({
  id: "conan-lock",
  summary: "Conan: conan.lock of Conan 1 and 2",
  type: "conan",
  path: /(?:^|\/)conan\.lock$/,
  *read(text, _path, damaged) {
    const lock = lockJson(text, damaged);
    const nodes = objectOf(objectOf(lock["graph_lock"])?.["nodes"]);
    if (nodes) yield* readGraph(nodes);
    for (const [list, dev] of [
      ["requires", false],
      ["build_requires", true],
      ["python_requires", true],
      ["config_requires", true],
    ] as const)
      for (const reference of textsOf(lock[list])) {
        const found = referenceOf(reference);
        if (found) yield { ...found, dev };
      }
  },
  examples: [
    {
      title: "Conan 2: what is linked, and a tool of the build",
      files: {
        "conan.lock":
          '{"version":"0.5","requires":["zlib/1.2.13#97d5730b529b4224045fe7090592d4c1%1692672717.049","mine/1.0@team/stable"],"build_requires":["cmake/3.27.1#0a1b%1692"],"python_requires":[]}',
      },
      purls: ["pkg:conan/cmake@3.27.1", "pkg:conan/mine@1.0?channel=stable&user=team", "pkg:conan/zlib@1.2.13"],
    },
    {
      title: "Conan 1: the project's own recipe is left out",
      files: {
        "conan.lock":
          '{"graph_lock":{"nodes":{"0":{"ref":"shop/0.1","path":"conanfile.py","requires":["1"]},"1":{"ref":"openssl/1.1.1k#0a1b","requires":["2"],"context":"host"},"2":{"pref":"zlib/1.2.11#0c2d:5ab8#9f0e"}},"revisions_enabled":true},"version":"0.4"}',
      },
      purls: ["pkg:conan/openssl@1.1.1k", "pkg:conan/zlib@1.2.11"],
    },
  ],
});

function* readGraph(nodes: Json): Generator<Locked> {
  const found = new Map(
    entriesOf(nodes).map(([id, value]) => {
      const node = objectOf(value) ?? {};
      return [id, { node, locked: referenceOf(textOf(node["ref"]) ?? textOf(node["pref"]) ?? "") }] as const;
    }),
  );
  for (const { node, locked } of found.values()) {
    if (!locked || textOf(node["path"]) !== undefined) continue;
    // The first of them wrote references with the ids.
    const ids = objectOf(node["requires"])
      ? entriesOf(node["requires"]).map(([, id]) => textOf(id) ?? "")
      : textsOf(node["requires"]);
    const requires = ids.flatMap((id) => found.get(id)?.locked?.name ?? []);
    yield { ...locked, requires, dev: node["context"] === "build" };
  }
}

/** Of "name/version@user/channel#recipe:package#binary%time". */
function referenceOf(text: string): Locked | undefined {
  const [reference = ""] = text.split(/[#:%]/, 1);
  const [, name, version, user, channel] =
    /^([^/@\s]{1,200})\/([^/@\s]{1,200})(?:@([^/@\s]{1,200})(?:\/([^/@\s]{1,200}))?)?@?$/.exec(reference) ?? [];
  if (name === undefined || version === undefined || name === "None" || version === "None") return undefined;
  if (user === undefined || user === "_") return { name, version };
  return { name, version, qualifiers: { user, channel: channel ?? "" } };
}
