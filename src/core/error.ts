import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** A request that cannot be met. `message` names the thing, `hint` is something to type. Anything else thrown is our bug. */
export class PlimsollError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PlimsollError";
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }

  /** The exit status a command ends with when this reaches it. */
  get exit(): number {
    return errorCodes[this.code].exit;
  }
}
