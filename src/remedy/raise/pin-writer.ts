import type { SourceRange } from "../../core/index.ts";
import type { Raise } from "./raise.ts";

/** What a file has to say otherwise so that packages are raised. */
export interface Written {
  readonly edits: readonly { readonly range: SourceRange; readonly text: string }[];
  /** Those of the raises that are made by the edits; what is told in another way than is understood is not. */
  readonly raised: readonly Raise[];
}

/** A kind of file in which people name versions, and that no tool has to write. */
export interface PinWriter {
  /** Of a purl. */
  readonly type: string;
  /** Of the file's name. */
  readonly form: RegExp;
  write(text: string, raises: readonly Raise[]): Written;
}
