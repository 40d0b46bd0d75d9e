/** What is told of a span: never a value that a client sent, and nothing of a person. */
export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'internal' | 'client';
  /** A span of this server, or the caller's as its `traceparent` header has it; absent: a new trace. */
  readonly parent?: Span | string | undefined;
  readonly attributes?: Attributes;
  /** Milliseconds since the epoch; now, if absent. */
  readonly startedAt?: number;
}

/** A piece of work that has begun. */
export interface Span {
  /** 32 hexadecimal digits (W3C Trace Context, "trace-id"). */
  readonly traceId: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** @param fault names what went wrong, such as an error's class; absent: nothing did. */
  end(fault?: string): void;
}

/** Tells a collector how long what took. The server has none unless traces are switched on. */
export interface Tracer {
  begin(start: SpanStart): Span;
  /** Sends what was not sent yet. @throws Error where a collector does not take it in time. */
  close(): Promise<void>;
}
