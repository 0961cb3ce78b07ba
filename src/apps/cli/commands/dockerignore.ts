import { join, resolve } from "node:path";
import { createColors } from "picocolors";
import { PlimsollError } from "../../../core/index.ts";
import { kindOf, readTextFile } from "../../../host/index.ts";
import { escapeLine, formatBytes } from "../../../report/index.ts";
import { copiedPaths, parseDockerfile, suggestIgnoreLines } from "../../../syntax/index.ts";
import { openBuildContext, weighContext } from "../../../weight/index.ts";
import type { Terminal } from "../terminal.ts";

/** `plimsoll dockerignore [directory]`: the file on standard output, what each line saves on standard error. */
export async function dockerignore(
  directory: string,
  options: { readonly dockerfile?: string },
  terminal: Terminal,
): Promise<number> {
  const root = resolve(process.cwd(), directory);
  if (kindOf(root) !== "directory")
    throw new PlimsollError("target.missing", `${directory} is not a directory`, { hint: "name the build context" });
  const file = options.dockerfile === undefined ? join(root, "Dockerfile") : resolve(process.cwd(), options.dockerfile);
  const hasFile = kindOf(file) === "file";
  if (options.dockerfile !== undefined && !hasFile)
    throw new PlimsollError("target.missing", `${options.dockerfile} does not exist`, {
      hint: "name the Dockerfile the context is for",
    });
  const context = openBuildContext(root, file, root);
  const used = hasFile ? copiedPaths(parseDockerfile({ path: file, text: readTextFile(file, file) })) : [];
  const lines = suggestIgnoreLines(context, used);
  const before = weighContext(context);
  const existing = context.ignoreFile?.text ?? "";
  const added = lines.map((line) => `${line.pattern}\n`).join("");
  terminal.out(existing === "" || existing.endsWith("\n") ? existing + added : `${existing}\n${added}`);
  const after = weighContext(
    context.withIgnoreFile(existing + (existing === "" || existing.endsWith("\n") ? "" : "\n") + added),
  );
  const colors = createColors(terminal.color);
  for (const { pattern, reason, files, bytes } of lines) {
    terminal.note(
      `${escapeLine(pattern).padEnd(24)} ${formatBytes(bytes).padStart(8)}  ${colors.dim(`${files} file${files === 1 ? "" : "s"}: ${reason}`)}`,
    );
  }
  terminal.note(
    `sent: ${formatBytes(before.bytes)} in ${before.files} files; with these lines ${formatBytes(after.bytes)} in ${after.files}`,
  );
  return 0;
}
