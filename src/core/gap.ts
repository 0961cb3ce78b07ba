/** Something that was not examined, and why. A report with gaps cannot pass. */
export interface Gap {
  readonly subject: string;
  readonly reason: string;
}
