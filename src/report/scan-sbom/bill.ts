import type { ScanDocument, ScannedPackage } from "../scan-document.ts";
import { nameUuid } from "./uuid.ts";

/** What a bill of materials is made from; no advisories are needed for it. */
export type BillSubject = Pick<ScanDocument, "tool" | "target" | "release" | "packages" | "gaps">;

/** The same for the same image and version of Plimsoll. */
export function billUuid({ target, tool, packages }: BillSubject, kind: string): string {
  const identity = target.digest ?? [target.reference, ...packages.map(({ purl }) => purl)].join("\n");
  return nameUuid(`${kind}\n${tool.version}\n${identity}`);
}

/** The moment asked for, else when the image was built, to the second in UTC; undefined where neither says one. */
export function momentOf({ target }: Pick<BillSubject, "target">, timestamp: string | undefined): string | undefined {
  for (const said of [timestamp, target.created]) {
    if (said === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/.test(said))
      continue;
    const moment = new Date(said);
    if (!Number.isNaN(moment.getTime())) return `${moment.toISOString().slice(0, 19)}Z`;
  }
  return undefined;
}

/** Whether a distribution installed it, and its advisories speak of it. */
export function isOsPackage({ type, source }: ScannedPackage): boolean {
  return source !== undefined || ["deb", "apk", "rpm", "alpm", "opkg"].includes(type);
}
