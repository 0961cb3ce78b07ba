/** What every command that looks at Dockerfiles takes. */
export interface SharedOptions {
  readonly config?: string;
  readonly rule?: readonly string[];
  readonly context?: string;
  readonly color?: boolean;
  readonly quiet?: boolean;
}
