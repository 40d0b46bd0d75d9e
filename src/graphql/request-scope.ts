import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';

/** What one request is known by, where no context is passed: Apollo's `formatError` gets none. */
export interface RequestScope {
  readonly requestId: string;
  readonly log: Logger;
  /** Known once the operation has been found. */
  operationName?: string;
}

export const requestScope = new AsyncLocalStorage<RequestScope>();
