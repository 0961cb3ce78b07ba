import { PlimsollError } from "../../core/index.ts";

/** For the `catch` of what writes to `path`. */
export function unwritable(path: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new PlimsollError("output.unwritable", `${path} cannot be written (${code})`, {
      hint: "look at the permissions of its directory and at the space that is left",
      cause: error,
    });
  };
}
