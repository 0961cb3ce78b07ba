import { PlimsollError } from "../../core/index.ts";

/** The store cannot be trusted; the message says what was found. */
export function damaged(what: string): PlimsollError {
  return new PlimsollError("store.damaged", `the advisory store is damaged: ${what}`, {
    hint: "make it anew: plimsoll db update",
  });
}
