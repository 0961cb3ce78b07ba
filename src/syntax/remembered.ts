const answers: unique symbol = Symbol("answers");

interface Asked {
  [answers]?: (object | undefined)[];
}

let questions = 0;

/**
 * A function of a tree, or of a part of one, that works its answer out once. The answer is kept on the tree and goes when that
 * goes: a WeakMap of long life would keep both until the next full collection, which costs more than most answers do.
 */
export function remembered<T extends object, R extends object>(answer: (about: T) => R): (about: T) => R {
  const question = questions++;
  return (about) => {
    const kept = ((about as Asked)[answers] ??= []);
    return (kept[question] ??= answer(about)) as R;
  };
}
