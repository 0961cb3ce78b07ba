import type { Package } from "../../packages/index.ts";
import { matchesGlob } from "../glob.ts";
import type { ScanPolicy } from "./scan-policy.ts";

/** Types of package URLs of what a distribution's own package manager installs. */
const osTypes: ReadonlySet<string> = new Set(["alpm", "apk", "bottlerocket", "deb", "opkg", "rpm"]);

type Selection = Pick<ScanPolicy, "packageTypes" | "skipDirectories" | "skipFiles">;

/** Whether a package is of a type that is asked for, and some of its evidence lies where it is not to be passed over. */
export function keepsPackage(policy: Selection, { type, files }: Pick<Package, "type" | "files">): boolean {
  const { packageTypes } = policy;
  const kind = osTypes.has(type) ? "os" : "library";
  if (packageTypes.length > 0 && !packageTypes.includes(kind) && !packageTypes.includes(type)) return false;
  return files.length === 0 || !files.every((file) => isSkipped(policy, file));
}

/** Whether a policy leaves out any package at all. */
export function selectsPackages({ packageTypes, skipDirectories, skipFiles }: Selection): boolean {
  return packageTypes.length + skipDirectories.length + skipFiles.length > 0;
}

function isSkipped({ skipDirectories, skipFiles }: Selection, file: string): boolean {
  if (skipFiles.some((glob) => matchesGlob(file, anchored(glob)))) return true;
  if (skipDirectories.length === 0) return false;
  for (let slash = file.indexOf("/"); slash > 0; slash = file.indexOf("/", slash + 1))
    if (skipDirectories.some((glob) => matchesGlob(file.slice(0, slash), anchored(glob)))) return true;
  return false;
}

/** "usr/lib", "/usr/lib/" and "./usr/lib" are the same directory; a bare name is one of the root. */
function anchored(glob: string): string {
  return `/${glob.replace(/^\.?\/+/, "").replace(/\/+$/, "")}`;
}
