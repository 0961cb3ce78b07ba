import type { Severity } from "../../core/index.ts";
import type { Subjects } from "../rule.ts";
import { textOf } from "./contents.ts";
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
