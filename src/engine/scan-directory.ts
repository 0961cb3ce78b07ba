import { PlimsollError } from "../core/index.ts";
import { FilesBelow, findFiles, kindOf } from "../host/index.ts";
import { catalogFiles } from "../packages/index.ts";
import type { ScanDocument } from "../report/index.ts";
import { catalogGaps } from "./catalog-image.ts";
import { documentOf, matchInstalled, type ScanOptions } from "./scan.ts";

/** More lock files than this are not read. */
const mostFiles = 20_000;

/**
 * What the lock files below a directory of sources declare, and what is known against it. `.gitignore` holds, `node_modules` is
 * passed over, and no link is followed out of the directory. `options.catalogers` should be those of declared evidence.
 * @param name how the report calls it
 * @param options with `developmentToo` also what lock files say only development needs
 * @throws PlimsollError target.missing
 */
export async function scanDirectory(
  path: string,
  name: string,
  options: ScanOptions & { readonly developmentToo?: boolean },
): Promise<ScanDocument> {
  if (kindOf(path) !== "directory")
    throw new PlimsollError("target.missing", `${name} is no directory`, { hint: "name a directory of sources" });
  const { catalogers } = options;
  // By name alone, for no file is looked at before it is known to be wanted.
  const found = await findFiles(path, (file) =>
    catalogers.some((cataloger) => cataloger.wants(file, { size: 1, mode: 0o644 })),
  );
  const gaps = [...found.gaps];
  if (found.paths.length > mostFiles)
    gaps.push({ subject: name, reason: `more than ${mostFiles} lock files: the others are not read` });
  const paths = found.paths.slice(0, mostFiles);
  const files = new FilesBelow(path);
  try {
    const stat = (file: string): { size: number; mode: number } | undefined => {
      const opened = files.open(file);
      return opened && { size: opened.size, mode: 0o644 };
    };
    const catalog = catalogFiles({ paths, stat, open: (file) => files.open(file) }, catalogers);
    gaps.push(...catalogGaps(catalog));
    for (const file of paths) {
      const size = stat(file)?.size;
      if (size === undefined) gaps.push({ subject: file, reason: "it cannot be read" });
      else if (!catalogers.some((cataloger) => cataloger.wants(file, { size, mode: 0o644 })))
        gaps.push({ subject: file, reason: "it is larger than what is read of a lock file" });
    }
    const packages = options.developmentToo ? catalog.packages : catalog.packages.filter(({ dev }) => dev !== true);
    const scan = matchInstalled(packages, undefined, gaps, options);
    const target = { kind: "directory", reference: name, layers: [] } as const;
    return documentOf({ target, origins: [] }, scan, options);
  } finally {
    files.close();
  }
}
