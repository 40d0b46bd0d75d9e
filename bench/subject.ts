/** Something that is measured, with a section of its own in RESULTS.md. */
export interface Subject {
  /** The section's heading. */
  readonly title: string;
  /** What may follow its name on the command line, for the usage. */
  readonly usage?: string;
  /**
   * Measures, and answers with the section's text in Markdown, headings from `###` on.
   * @throws UsageError for arguments that it cannot do anything with
   */
  run(args: readonly string[]): Promise<string>;
}

/** What was written after a subject's name is no use; the message says what would be. */
export class UsageError extends Error {}
