import type { RandomAccess } from "../core/index.ts";
import type { Kept, Keeper } from "./keeper.ts";
import type { Limits } from "./limits.ts";

/** Gathers what keepers keep of a layer's files, within limits. */
export class KeptFiles {
  readonly kept: Kept[] = [];
  readonly #groups: readonly KeeperGroup[];
  readonly #limits: Limits;
  readonly #gap: (reason: string) => void;
  #bytes = 0;

  constructor(keepers: readonly Keeper[], limits: Limits, gap: (reason: string) => void) {
    this.#groups = groupKeepers(keepers);
    this.#limits = limits;
    this.#gap = gap;
  }

  /** The keepers that want a file; those that would keep it whole only when it is not too large. */
  wanting(path: string, size: number, mode: number): readonly Keeper[] {
    if (this.#groups.length === 0) return none;
    const file = { size, mode };
    const dot = path.lastIndexOf(".");
    const extension = dot < 0 ? "" : path.slice(dot + 1);
    let wanting: Keeper[] | undefined;
    for (const { never, keepers } of this.#groups) {
      if (never?.has(extension)) continue;
      for (const keeper of keepers)
        if (keeper.wants(path, file) && (keeper.condense !== undefined || this.#fits(path, size)))
          (wanting ??= []).push(keeper);
    }
    return wanting ?? none;
  }

  /** Hands a file to the keepers that want it. One that fails is a gap. */
  keep(path: string, wanting: readonly Keeper[], file: RandomAccess): void {
    for (const keeper of wanting) {
      try {
        const bytes = keeper.condense ? keeper.condense(path, file) : file.read(0, file.size);
        if (!bytes || !this.#fits(path, bytes.length)) continue;
        this.#bytes += bytes.length;
        // What was read may be overwritten by the next file, and a part of it would keep the whole alive.
        this.kept.push({ keeper: keeper.id, path, bytes: Buffer.from(bytes) });
      } catch (error) {
        this.#gap(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  #fits(path: string, size: number): boolean {
    if (size <= this.#limits.keptFileBytes && this.#bytes + size <= this.#limits.keptBytes) return true;
    this.#gap(`${path} is too large to be looked into`);
    return false;
  }
}

const none: readonly Keeper[] = [];

interface KeeperGroup {
  readonly never: ReadonlySet<string> | undefined;
  readonly keepers: Keeper[];
}

function groupKeepers(keepers: readonly Keeper[]): readonly KeeperGroup[] {
  const groups: KeeperGroup[] = [];
  for (const keeper of keepers) {
    const group = groups.find(({ never }) => never === keeper.never);
    if (group) group.keepers.push(keeper);
    else groups.push({ never: keeper.never, keepers: [keeper] });
  }
  return groups;
}
