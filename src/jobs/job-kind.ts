/** How jobs of one kind are done. Handlers may be cut off anywhere and run again: they must be idempotent. */
export interface JobKind {
  readonly kind: string;
  /** Milliseconds from the end of a run to the begin of the next; absent: the job ends with its success. */
  readonly every?: number;
  /** Runs without success after which the job is given up; absent: never. */
  readonly maxAttempts?: number;
  /**
   * Does the job. A signal that is aborted (the server stops, or another server took over) must make it reject.
   * @param payload as it was given; to be parsed.
   */
  run(payload: unknown, signal: AbortSignal): Promise<void>;
}
