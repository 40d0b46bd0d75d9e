import { AsyncLocalStorage } from 'node:async_hooks';
import type { OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { Span } from '../telemetry/index.js';

/** What an error of an answer is told by. */
export interface Fault {
  readonly code: string;
  readonly reason: string | undefined;
}

/** What one request is known by, where no context is passed: Apollo's `formatError` gets none. */
export interface RequestScope {
  readonly requestId: string;
  readonly log: Logger;
  /** Known once the operation has been found, if it has a name. */
  operationName?: string;
  /** Known once the operation has been found. */
  operationType?: OperationTypeNode;
  /** Of the answer's errors, each kind once. */
  faults?: Fault[];
  /** What just now takes time, where traces are switched on. */
  span?: Span;
}

export const requestScope = new AsyncLocalStorage<RequestScope>();

/** Keeps what kind of error a request was answered with. */
export function noteFault(scope: RequestScope, fault: Fault): void {
  scope.faults ??= [];
  const isKnown = scope.faults.some(
    ({ code, reason }) => code === fault.code && reason === fault.reason,
  );
  if (!isKnown) scope.faults.push(fault);
}
