import type { Cataloger, CatalogerExample } from "../cataloger.ts";
import { largestText, readText } from "../documents.ts";
import { type LanguagePackage, languagePackage } from "../reading/language-package.ts";

/** One package of a lock file. */
export type Locked = Pick<LanguagePackage, "name" | "version" | "dev" | "requires" | "licenses" | "qualifiers">;

interface LockFile {
  readonly id: string;
  readonly summary: string;
  readonly type: LanguagePackage["type"];
  readonly path: RegExp;
  /** In time linear in the text; throws nothing. */
  readonly read: (text: string, path: string) => Iterable<Locked>;
  readonly examples: readonly CatalogerExample[];
}

/** A cataloger of one kind of lock file. A package that a file names twice is one; it is for development when it is so in each place. */
export function lockFile({ id, summary, type, path: pattern, read, examples }: LockFile): Cataloger {
  return {
    id,
    summary,
    evidence: "declared",
    wants: (path, { size }) => pattern.test(path) && size <= largestText,
    *catalog(files) {
      for (const path of files.paths) {
        const text = pattern.test(path) ? readText(files, path) : undefined;
        if (text === undefined) continue;
        const found = new Map<string, Locked>();
        for (const one of read(text, path)) {
          const key = `${one.name}\n${one.version}\n${one.qualifiers ? JSON.stringify(one.qualifiers) : ""}`;
          const known = found.get(key);
          if (!known || (known.dev === true && one.dev !== true)) found.set(key, one);
        }
        for (const one of found.values()) yield* languagePackage({ ...one, type, files: [path] });
      }
    },
    examples,
  };
}
