import type { FileView } from "../../core/index.ts";
import type { Cataloger, CatalogerExample } from "../cataloger.ts";
import { type Json, largestText, objectOf, parseJson, readText } from "../documents.ts";
import { type LanguagePackage, languagePackage } from "../reading/language-package.ts";

/** One package of a lock file. */
export type Locked = Pick<LanguagePackage, "name" | "version" | "dev" | "requires" | "licenses" | "qualifiers">;

/** Says that the lock file at hand is damaged, and how: what goes after "it could not be read: ". */
export type TellDamaged = (reason: string) => void;

interface LockFile {
  readonly id: string;
  readonly summary: string;
  /** "declared" unless said otherwise. */
  readonly evidence?: Cataloger["evidence"];
  readonly type: LanguagePackage["type"];
  readonly path: RegExp;
  /** In time linear in the text; throws nothing. What is damaged is told by the reason alone; `files` has those the pattern names. */
  readonly read: (text: string, path: string, damaged: TellDamaged, files: FileView) => Iterable<Locked>;
  readonly examples: readonly CatalogerExample[];
}

/** What git leaves where two changes could not be joined. */
const conflict = /^<{7} /m;

/** A cataloger of one kind of lock file. A package that a file names twice is one; it is for development when it is so in each place. */
export function lockFile({
  id,
  summary,
  evidence = "declared",
  type,
  path: pattern,
  read,
  examples,
}: LockFile): Cataloger {
  return {
    id,
    summary,
    evidence,
    wants: (path, { size }) => pattern.test(path) && size <= largestText,
    *catalog(files, unreadable) {
      for (const path of files.paths) {
        const text = pattern.test(path) ? readText(files, path) : undefined;
        if (text === undefined) continue;
        const damaged = (reason: string): void => unreadable(path, reason);
        if (text.includes("\0")) damaged("it is no text");
        if (conflict.test(text)) damaged("a merge left its conflicts in it");
        const found = new Map<string, Locked>();
        for (const one of read(text, path, damaged, files)) {
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

/** A lock file that is JSON; one without members where it is something else, which is told. */
export function lockJson(text: string, damaged: TellDamaged): Json {
  const json = objectOf(parseJson(text));
  if (!json) damaged("it is no JSON object");
  return json ?? {};
}
