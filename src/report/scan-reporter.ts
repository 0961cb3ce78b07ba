import type { ScanDocument } from "./scan-document.ts";

export interface ScanRenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** What was found alone. */
  readonly quiet: boolean;
  /** Also what matches and does not count, and why. */
  readonly showSuppressed: boolean;
  /** The moment to put where a format demands one, RFC 3339 in UTC; the image's own where it is absent. */
  readonly timestamp?: string;
}

/** One output format of `plimsoll scan`: a pure function of the document. */
export interface ScanReporter {
  readonly id: string;
  readonly summary: string;
  render(document: ScanDocument, options: ScanRenderOptions): string;
}
