import type { Cataloger } from "../cataloger.ts";
import { listOf, objectOf, textOf } from "../documents.ts";
import { lockFile, lockJson } from "../lockfiles/lock-file.ts";

/** What the Swift package manager chose, by the address of its repository; a branch or a commit is no version. */
export const swiftLock: Cataloger = lockFile({
  id: "swift-lock",
  summary: "Swift: Package.resolved, versions 1 to 3",
  type: "swift",
  path: /(?:^|\/)Package\.resolved$/,
  *read(text, _path, damaged) {
    const resolved = lockJson(text, damaged);
    for (const pin of listOf(resolved["pins"] ?? objectOf(resolved["object"])?.["pins"]).map(objectOf)) {
      const name = repositoryOf(textOf(pin?.["location"]) ?? textOf(pin?.["repositoryURL"]) ?? "");
      const version = textOf(objectOf(pin?.["state"])?.["version"]);
      if (name !== undefined && version !== undefined) yield { name, version };
    }
  },
  examples: [
    {
      title: "versions 2 and 3: https and ssh; a branch and a directory are left out",
      files: {
        "Package.resolved":
          '{"originHash":"aa","pins":[{"identity":"swift-nio","kind":"remoteSourceControl","location":"https://github.com/apple/swift-nio.git","state":{"revision":"aa","version":"2.41.1"}},{"identity":"vapor","kind":"remoteSourceControl","location":"git@github.com:vapor/vapor.git","state":{"revision":"bb","version":"4.60.2"}},{"identity":"edge","kind":"remoteSourceControl","location":"https://github.com/owner/edge","state":{"branch":"main","revision":"cc"}},{"identity":"here","kind":"localSourceControl","location":"/src/here","state":{"revision":"dd","version":"1.0.0"}}],"version":3}',
      },
      purls: ["pkg:swift/github.com/apple/swift-nio@2.41.1", "pkg:swift/github.com/vapor/vapor@4.60.2"],
    },
    {
      title: "version 1",
      files: {
        "App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved":
          '{"object":{"pins":[{"package":"Alamofire","repositoryURL":"https://github.com/Alamofire/Alamofire","state":{"branch":null,"revision":"aa","version":"5.4.0"}}]},"version":1}',
      },
      purls: ["pkg:swift/github.com/Alamofire/Alamofire@5.4.0"],
    },
  ],
});

/** "host/owner/name" of an address in any of the forms git knows; undefined for a directory. */
function repositoryOf(address: string): string | undefined {
  const [, host, path] =
    /^(?:(?:https?|ssh|git):\/\/)(?:[^@/\s]{1,200}@)?([^/:\s]{1,200})(?::\d{1,5})?\/(\S{1,1000})$/.exec(address) ??
    /^(?:[^@/\s]{1,200}@)([^/:\s]{1,200}):(\S{1,1000})$/.exec(address) ??
    [];
  const plain = path?.replace(/\/+$/, "").replace(/\.git$/, "");
  return host === undefined || plain === undefined || plain === "" ? undefined : `${host}/${plain}`;
}
