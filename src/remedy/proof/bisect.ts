/** Whether a set of changes holds, and why not. */
export type Verdict<T = never> =
  | {
      readonly holds: true;
      /** Those that changed nothing beside the others: that the set holds says nothing for them. */
      readonly idle?: readonly T[];
    }
  | {
      readonly holds: false;
      readonly reason: string;
      /** Those without each of which this would not have failed as it did, where that is known. */
      readonly suspects?: readonly T[];
      /** Those that were seen to fail by themselves, with the reason for each. */
      readonly blame?: ReadonlyMap<T, string>;
    };

export interface Bisection<T> {
  /** In the order given. */
  readonly kept: readonly T[];
  readonly rejected: readonly { readonly item: T; readonly reason: string }[];
  /** How often `holds` was asked. */
  readonly trials: number;
}

const notTried = "not tried: the bound on builds was reached";

/**
 * The largest set that holds, as far as adding one by one tells it (delta debugging, Zeller and Hildebrandt 2002, turned around
 * to what may stay): all of them; else each half on what holds already, and so on down to single ones, which are rejected. Where
 * a failure accuses some, not the halves but the others and then those are tried; those that are to blame by themselves are left.
 * What is kept and changed nothing so far may do so beside one that comes later, and be what fails: that one is tried without
 * it, too. What was rejected or left so is tried once more in the end, for it may have needed something that came after it. The
 * same set is asked for once, and nothing is kept that was not seen to hold together. Without anything kept nothing was changed, which holds.
 * @param most how many sets to try at most
 */
export async function bisect<T>(
  items: readonly T[],
  holds: (kept: readonly T[]) => Promise<Verdict<T>>,
  most: number,
): Promise<Bisection<T>> {
  const known = new Map<string, Verdict<T>>();
  let trials = 0;
  const ask = async (chosen: ReadonlySet<number>): Promise<Verdict<T> | undefined> => {
    const indices = [...chosen].sort((a, b) => a - b);
    const key = indices.join(",");
    const before = known.get(key);
    if (before || indices.length === 0) return before ?? { holds: true };
    if (trials >= most) return undefined;
    trials++;
    const verdict = await holds(items.filter((_, index) => chosen.has(index)));
    known.set(key, verdict);
    return verdict;
  };
  let kept: ReadonlySet<number> = new Set();
  const reasons = new Map<number, string>();
  const blamed = new Set<number>();
  /** Of those kept, the ones that changed nothing. */
  let idle: readonly number[] = [];
  const left = new Set<number>();
  const keep = (together: ReadonlySet<number>, { idle: still = [] }: { readonly idle?: readonly T[] }): void => {
    kept = together;
    idle = [...together].filter((index) => still.includes(items[index] as T));
    for (const one of together) reasons.delete(one);
    for (const one of together) left.delete(one);
  };
  const add = async (group: readonly number[]): Promise<void> => {
    if (group.length === 0) return;
    const together = new Set([...kept, ...group]);
    const verdict = await ask(together);
    const [first] = group;
    const guilty = group.filter((index) => verdict?.holds === false && verdict.blame?.has(items[index] as T));
    if (guilty.length > 0 && verdict?.holds === false) {
      for (const one of guilty) reasons.set(one, verdict.blame?.get(items[one] as T) ?? verdict.reason);
      for (const one of guilty) blamed.add(one);
      await add(group.filter((index) => !blamed.has(index)));
    } else if (verdict?.holds) {
      keep(together, verdict);
    } else if (!verdict || (group.length === 1 && first !== undefined)) {
      const without = idle;
      const lighter = new Set([...together].filter((index) => !without.includes(index)));
      const again = verdict && without.length > 0 ? await ask(lighter) : undefined;
      if (again?.holds) {
        keep(lighter, again);
        for (const one of without) left.add(one);
      } else for (const one of group) reasons.set(one, verdict?.reason ?? reasons.get(one) ?? notTried);
    } else if (accusedIn(group, verdict.suspects).length > 0) {
      const accused = accusedIn(group, verdict.suspects);
      await add(group.filter((index) => !accused.includes(index)));
      await add(accused);
    } else {
      const middle = Math.ceil(group.length / 2);
      await add(group.slice(0, middle));
      await add(group.slice(middle));
    }
  };
  /** Those of a group that are accused; nobody where all of it is, which tells nothing. */
  const accusedIn = (group: readonly number[], suspects: readonly T[] = []): readonly number[] => {
    const accused = group.filter((index) => suspects.some((one) => items.indexOf(one) === index));
    return accused.length < group.length ? accused : [];
  };
  await add(items.map((_, index) => index));
  const again = [...reasons.keys(), ...left].sort((a, b) => a - b);
  for (const index of again) if (!blamed.has(index)) await add([index]);
  return {
    kept: items.filter((_, index) => kept.has(index)),
    rejected: items.flatMap((item, index) => {
      const reason = reasons.get(index);
      return reason === undefined ? [] : [{ item, reason }];
    }),
    trials,
  };
}
