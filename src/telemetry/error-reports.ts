/** What is known about an error where it is reported; values are shown as the log would show them. */
export interface ReportContext {
  readonly requestId?: string | undefined;
  readonly traceId?: string | undefined;
  readonly operationName?: string | undefined;
  readonly code?: string | undefined;
  /** The kind of a job that failed. */
  readonly job?: string | undefined;
  /** More to look at; entities are named, as `<User 0192f0c1-...>`. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Tells of errors that nobody expected. The server has none unless `SENTRY_DSN` is set. */
export interface ErrorReports {
  report(error: unknown, about?: ReportContext): void;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}
