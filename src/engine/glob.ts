/** Whether a path matches a glob: `*` within an element, `**` across them, `?` one character; a bare name matches at any depth. */
export function matchesGlob(path: string, glob: string): boolean {
  const pattern = glob.includes("/") ? glob.replace(/^\//, "") : `**/${glob}`;
  let states = new Set([0]);
  const close = (from: Set<number>): Set<number> => {
    for (const state of from) {
      if (pattern[state] !== "*") continue;
      const double = pattern[state + 1] === "*";
      const next = state + (double ? 2 : 1);
      from.add(next);
      if (double && pattern[next] === "/") from.add(next + 1);
    }
    return from;
  };
  close(states);
  for (const character of path) {
    const next = new Set<number>();
    for (const state of states) {
      const sign = pattern[state];
      if (sign === "*") {
        if (pattern[state + 1] === "*" || character !== "/") next.add(state);
      } else if (sign === character || (sign === "?" && character !== "/")) next.add(state + 1);
    }
    states = close(next);
  }
  return states.has(pattern.length);
}
