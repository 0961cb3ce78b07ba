/** One text the user wrote. `path` is relative to the project, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Half-open span [start, end) of UTF-16 code units in one SourceText. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** Replace `range` by `text`; an empty range inserts. */
export interface Edit {
  readonly path: string;
  readonly range: SourceRange;
  readonly text: string;
}
