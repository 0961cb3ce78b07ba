import { resolve } from "node:path";
import { PlimsollError } from "../../core/index.ts";
import { pathExists, readTextFile, writeFileAtomically } from "../../host/index.ts";

/**
 * Writes a text unless the file is no longer what was read.
 * @throws PlimsollError fix.changed-underneath, output.unwritable
 */
export function writeChange(path: string, before: string, text: string): void {
  const target = resolve(process.cwd(), path);
  const now = pathExists(target) ? readTextFile(target, path) : "";
  if (now !== before)
    throw new PlimsollError("fix.changed-underneath", `${path} changed while it was being fixed`, {
      hint: "nothing was written: run it again",
    });
  writeFileAtomically(target, text);
}
