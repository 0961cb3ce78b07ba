import { PlimsollError } from "../../core/index.ts";
import type { FileEntry } from "../../image/index.ts";
import { type ContentClass, filesOfClasses, type Subjects } from "../../rules/index.ts";

/**
 * The rules whose files may be left out of an image: nothing reads them, or they are made or fetched again when they are
 * needed. What package managers know an image by is of no class.
 */
export const droppableClasses: Readonly<Record<string, ContentClass>> = {
  "image-apk-cache": "apk-cache",
  "image-apt-archives": "apt-archives",
  "image-apt-lists": "apt-lists",
  "image-conda-packages": "conda-packages",
  "image-context-junk": "context-junk",
  "image-database-backups": "database-backups",
  "image-docs": "docs",
  "image-go-build-files": "go-build",
  "image-jvm-cache": "jvm-cache",
  "image-language-caches": "language-caches",
  "image-logs-and-temp": "logs-and-temp",
  "image-node-cache": "node-cache",
  "image-node-dev-packages": "node-dev-packages",
  "image-python-bytecode": "python-bytecode",
  "image-python-cache": "python-cache",
  "image-rpm-cache": "rpm-cache",
  "image-rust-build-files": "rust-build",
  "image-vcs-data": "vcs-data",
};

/**
 * The files above the base that rules of these ids name; the "image-" may be left off. The base's own stay: hiding them would
 * free nothing. Throws `usage.unknown-option` for what is no class, or none that may be dropped.
 */
export function filesToDrop(ids: readonly string[], subject: Subjects["image"]): ReadonlySet<FileEntry> {
  const classes = new Set(ids.map(classOf));
  const wanted = filesOfClasses(subject, classes);
  const { baseLayers } = subject.image.weight;
  const above = new Set<FileEntry>();
  for (const { entry, layer } of subject.files.all()) if (layer >= baseLayers && wanted.has(entry)) above.add(entry);
  return above;
}

function classOf(id: string): ContentClass {
  const name = id.startsWith("image-") ? id : `image-${id}`;
  const found = Object.hasOwn(droppableClasses, name) ? droppableClasses[name] : undefined;
  if (found) return found;
  throw new PlimsollError("usage.unknown-option", `files of ${id} cannot be dropped`, {
    hint: `allowed are ${Object.keys(droppableClasses).join(", ")}`,
  });
}
