import type { Cataloger } from "../cataloger.ts";
import { type Locked, lockFile } from "../lockfiles/lock-file.ts";

/** CocoaPods' lock file. Subspecs are parts of their pod; pods of a path are the project's own. */
export const podfileLock: Cataloger = lockFile({
  id: "podfile-lock",
  summary: "CocoaPods: Podfile.lock",
  type: "cocoapods",
  path: /(?:^|\/)Podfile\.lock$/,
  *read(text, _path, damaged) {
    let section = "";
    let external = "";
    const own = new Set<string>();
    const pods = new Map<string, Locked & { requires: string[] }>();
    let last: string[] | undefined;
    for (const line of text.split(/\r?\n/)) {
      const heading = /^([A-Z][A-Z ]{0,50}):/.exec(line)?.[1];
      if (heading !== undefined) section = heading;
      else if (section === "EXTERNAL SOURCES") {
        external = /^ {2}"?([^":\s]{1,200})"?:$/.exec(line)?.[1] ?? external;
        if (/^ {4}:path:/.test(line)) own.add(external);
      } else if (section === "PODS") {
        const [, pod, version] = /^ {2}- "?([^"(\s]{1,200}) \(([^()\s]{1,200})\)"?:?$/.exec(line) ?? [];
        const needed = /^ {4}- "?([^"(\s]{1,200})/.exec(line)?.[1]?.split("/", 1)[0];
        if (pod !== undefined && version !== undefined) {
          const name = pod.split("/", 1)[0] ?? pod;
          const known = pods.get(name) ?? { name, version, requires: [] };
          pods.set(name, known);
          last = known.requires;
        } else if (needed !== undefined) last?.push(needed);
      }
    }
    if (!/^(?:PODS|DEPENDENCIES|PODFILE CHECKSUM):/m.test(text)) damaged("it has no list of PODS");
    for (const one of pods.values())
      if (!own.has(one.name)) yield { ...one, requires: one.requires.filter((name) => name !== one.name) };
  },
  examples: [
    {
      title: "pods and subspecs; one of a path is left out",
      files: {
        "Podfile.lock":
          'PODS:\n  - Alamofire (5.4.0)\n  - Firebase/Core (8.0.0):\n    - Firebase/CoreOnly\n    - "GoogleUtilities/NSData+zlib (~> 7.4)"\n  - Firebase/CoreOnly (8.0.0)\n  - "GoogleUtilities/NSData+zlib (7.4.1)"\n  - Local (0.1.0)\n\nDEPENDENCIES:\n  - Alamofire\n  - Local (from `./Local`)\n\nEXTERNAL SOURCES:\n  Local:\n    :path: "./Local"\n\nCOCOAPODS: 1.11.2\n',
      },
      purls: ["pkg:cocoapods/Alamofire@5.4.0", "pkg:cocoapods/Firebase@8.0.0", "pkg:cocoapods/GoogleUtilities@7.4.1"],
    },
  ],
});
