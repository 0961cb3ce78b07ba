import type { Severity } from "../../core/index.ts";
import type { HiddenFiles } from "../../image/index.ts";
import type { Subjects } from "../rule.ts";
import { textIn, textOf } from "./contents.ts";
import { findNamedSecrets, findSecrets, findUrlLogins, type FoundSecret } from "./secret-contents.ts";
import { mayHoldSecrets } from "./secret-places.ts";

type Subject = Subjects["image"];

const made = new WeakMap<Subject["files"], ReadonlyMap<string, readonly FoundSecret[]>>();

/** The secrets in the files of an image whose contents were kept, by path; files without any are left out. */
export function secretsOf(subject: Subject): ReadonlyMap<string, readonly FoundSecret[]> {
  let secrets = made.get(subject.files);
  if (!secrets) {
    secrets = new Map(
      subject.contents.paths.flatMap((path): [string, readonly FoundSecret[]][] => {
        if (!mayHoldSecrets(path) || !subject.files.get(path)) return [];
        const text = textOf(subject.contents, path);
        const found = text === undefined ? [] : secretsIn(path, text);
        return found.length === 0 ? [] : [[path, found]];
      }),
    );
    made.set(subject.files, secrets);
  }
  return secrets;
}

/** A file that a later layer took away, and the secrets in it. */
export interface HiddenSecrets {
  readonly file: HiddenFiles["all"][number];
  readonly secrets: readonly FoundSecret[];
}

const hidden = new WeakMap<Subject["files"], readonly HiddenSecrets[]>();

/**
 * The secrets in files that later layers deleted or overwrote. What the container still sees, in the same words under the same
 * path or as the same contents elsewhere, is left out: it is told of there. So is what an earlier layer's copy told.
 */
export function hiddenSecretsOf(subject: Subject): readonly HiddenSecrets[] {
  let found = hidden.get(subject.files);
  if (!found) {
    const live = secretsOf(subject);
    const told = new Set([...live.keys()].flatMap((path) => subject.files.get(path)?.entry.digest ?? []));
    const lines = new Map<string, Set<string>>();
    found = subject.hidden.all.flatMap((file): HiddenSecrets[] => {
      const { path, entry } = file;
      if (!mayHoldSecrets(path) || (entry.digest !== undefined && told.has(entry.digest))) return [];
      const text = textIn(subject.hidden.open(file));
      const all = text === undefined ? [] : secretsIn(path, text);
      if (text === undefined || all.length === 0) return [];
      if (entry.digest !== undefined) told.add(entry.digest);
      const known = lines.get(path) ?? new Set(live.has(path) ? linesOf(textOf(subject.contents, path) ?? "") : []);
      const written = linesOf(text);
      const secrets = all.filter(({ line }) => !known.has(written[line - 1] ?? ""));
      for (const { line } of all) known.add(written[line - 1] ?? "");
      lines.set(path, known);
      return secrets.length === 0 ? [] : [{ file, secrets }];
    });
    hidden.set(subject.files, found);
  }
  return found;
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trim());
}

/** Settings, where a name and a value say all; in programs, names of variables are too often followed by something else. */
const settings =
  /(?:^|\/)(?:\.env[^/]*|[^/]+\.(?:env|ini|cfg|cnf|conf|properties|ya?ml|toml|json|tfvars|tfstate|service))$/i;

function secretsIn(path: string, text: string): readonly FoundSecret[] {
  const certain = [...findSecrets(text), ...findUrlLogins(text)];
  const lines = new Set(certain.map(({ line }) => line));
  const named = settings.test(path) ? findNamedSecrets(text).filter(({ line }) => !lines.has(line)) : [];
  return [...certain, ...named].sort((a, b) => a.line - b.line);
}

/** How bad it is that everybody who has the image has the secret. */
export function severityOf({ proof }: FoundSecret): Severity {
  return proof === "shape" || proof === "key" ? "critical" : proof === "locked" ? "medium" : "high";
}

/** "a GitHub token (ghp_…)". */
export function saySecret({ what, shown }: FoundSecret): string {
  return shown === "" ? what : `${what} (${shown})`;
}
