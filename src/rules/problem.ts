import type { Edit, Fix, Location, SourceRange } from "../core/index.ts";
import type { Dockerfile } from "../syntax/index.ts";

/** The location of a range of the Dockerfile. */
export function inSource(dockerfile: Dockerfile, range: SourceRange): Location {
  return { kind: "source", path: dockerfile.source.path, range };
}

/** `...safeFix(title, edits)`: a fix that keeps what the container does; nothing where there is no edit. */
export function safeFix(title: string, edits: readonly Edit[] | Edit | undefined): { fix?: Fix } {
  return fixOf("safe", title, edits);
}

/** A fix that is right under the condition its title states. */
export function likelyFix(title: string, edits: readonly Edit[] | Edit | undefined): { fix?: Fix } {
  return fixOf("likely", title, edits);
}

/** A fix that is only ever shown; without edits its title is advice. */
export function assistedFix(title: string, edits: readonly Edit[] | Edit = []): { fix: Fix } {
  return { fix: { title, safety: "assisted", edits: Array.isArray(edits) ? edits : [edits as Edit] } };
}

function fixOf(safety: Fix["safety"], title: string, edits: readonly Edit[] | Edit | undefined): { fix?: Fix } {
  const list = edits === undefined ? [] : Array.isArray(edits) ? (edits as readonly Edit[]) : [edits as Edit];
  return list.length === 0 ? {} : { fix: { title, safety, edits: list } };
}
