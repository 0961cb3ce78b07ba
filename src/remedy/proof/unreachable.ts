import type { Action } from "../action.ts";

/** What apk, apt, dnf and zypper say when they reach no mirror. */
const nothingReached =
  /unavailable repositories|DNS lookup error|temporary error \(try again|Failed to (?:fetch|download metadata)|Could(?: not|n't) resolve|Temporary failure|Curl error|Download \(curl\) error/;

/**
 * The actions that no build can tell anything about where it reaches no mirror: all that take packages from one. What was built
 * before them was there already, so that it is they who asked. To try them one by one would end the same each time.
 */
export function unreachable(failure: string, applied: readonly Action[]): ReadonlyMap<Action, string> {
  const said = failure.split("\n").find((line) => nothingReached.test(line));
  if (said === undefined) return new Map();
  const reason = `builds: no mirror is reached: ${said.trim()}`;
  return new Map(applied.filter(({ rule }) => rule === "package-upgrade").map((action) => [action, reason]));
}
