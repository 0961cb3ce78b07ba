import type { Report } from "./report.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Texts that findings point into, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Findings alone. */
  readonly quiet?: boolean;
}

/** One output format: a pure function of the report. */
export interface Reporter {
  readonly id: string;
  readonly summary: string;
  render(report: Report, options: RenderOptions): string;
}
