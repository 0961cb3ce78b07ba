import { PlimsollError } from "../core/index.ts";

export function refused(address: string, status: number): PlimsollError {
  return new PlimsollError("feed.unreachable", `${address} answers with status ${status}`, {
    hint: "try again later; the advisories that are there stay in use",
  });
}

export function unreachable(address: string, why: string, cause?: unknown): PlimsollError {
  return new PlimsollError("feed.unreachable", `${address} cannot be fetched: ${why}`, {
    hint: "look at the network; the advisories that are there stay in use",
    ...(cause === undefined ? {} : { cause }),
  });
}

export function tooLarge(address: string, limit: number): PlimsollError {
  return new PlimsollError("feed.limit", `${address} has more than ${Math.round(limit / 2 ** 20)} MiB`, {
    hint: "look at what this address serves",
  });
}

/** Why a system call or a connection failed, as briefly as it says. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : "unknown reason";
}
