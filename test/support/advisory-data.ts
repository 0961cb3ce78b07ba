import { cpSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const shared = resolve(import.meta.dirname, "../../../shared");

/** The advisories and root file systems that lie beside the project; tests that need them skip with a message elsewhere. */
export function sharedData(name: "advisories" | "rootfs"): string | undefined {
  const path = join(shared, name);
  if (existsSync(path)) return path;
  process.stderr.write(`skipped: there is no ${name} folder beside the project\n`);
  return undefined;
}

/** A new folder in the bucket's layout with copies of some parts of the shared one, so that a store of it is quickly made. */
export function partOfAdvisories(from: string, parts: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "plimsoll-advisories-"));
  for (const part of parts) cpSync(join(from, part), join(root, part), { recursive: true });
  return root;
}
