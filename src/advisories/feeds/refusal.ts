import { PlimsollError } from "../../core/index.ts";

/** What a publisher sent cannot be read. */
export function invalidFeed(what: string, cause?: unknown): PlimsollError {
  return new PlimsollError("feed.invalid", what, {
    hint: "fetch it again: plimsoll db update",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What a publisher sent is larger than anything it should be. */
export function tooLargeFeed(what: string): PlimsollError {
  return new PlimsollError("feed.limit", what, { hint: "look at what its address serves" });
}
