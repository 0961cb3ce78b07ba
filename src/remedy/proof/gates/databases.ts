import { firstFew, type Gate } from "../gate.ts";
import type { ProvedImage } from "../side.ts";

/** What tells scanners which packages an image of a distribution holds. */
const places = [
  { name: "dpkg", test: /^var\/lib\/dpkg\/(?:status$|status\.d\/[^/]+)/ },
  { name: "apk", test: /^(?:lib|usr\/lib)\/apk\/db\/installed$/ },
  {
    name: "rpm",
    test: /^(?:var\/lib\/rpm|usr\/(?:lib\/sysimage|share)\/rpm)\/(?:Packages|Packages\.db|rpmdb\.sqlite)$/,
  },
  { name: "opkg", test: /^(?:usr\/lib|var\/lib)\/opkg\/status$/ },
];

export const databases: Gate = {
  id: "package-databases",
  summary: "what tells scanners of the packages is still there",
  needs: "images",
  check(before, after) {
    const had = databasesOf(before);
    const lost = had.filter((name) => !databasesOf(after).includes(name));
    const left = lost.filter((name) => hasFilesOf(after, name));
    if (left.length > 0)
      return {
        ok: false,
        detail: `the files of ${firstFew(left)} are there and its database is not: scanners see nothing`,
      };
    if (lost.length > 0) return { ok: true, detail: `${firstFew(lost)} is gone with all it had installed` };
    return { ok: true, detail: had.length === 0 ? "there was none" : `${had.join(", ")} still there` };
  },
};

function databasesOf({ tree }: ProvedImage): readonly string[] {
  const found = new Set<string>();
  for (const { path, entry } of tree.all()) {
    if (entry.type !== "file" || entry.size === 0) continue;
    for (const { name, test } of places) if (test.test(path)) found.add(name);
  }
  return [...found].sort();
}

/** Whether what packages brought is still in the image: a distribution's release file or its C library stand for the rest. */
function hasFilesOf({ tree }: ProvedImage, name: string): boolean {
  if (name === "apk") return tree.resolve("etc/alpine-release") !== undefined || tree.resolve("sbin/apk") !== undefined;
  if (name === "dpkg")
    return tree.resolve("usr/bin/dpkg") !== undefined || tree.resolve("etc/debian_version") !== undefined;
  return tree.resolve("usr/bin/rpm") !== undefined || tree.resolve("etc/redhat-release") !== undefined;
}
