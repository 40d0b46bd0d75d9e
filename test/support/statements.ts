import { AsyncLocalStorage } from 'node:async_hooks';
import type { OnStatement } from '../../src/database/orm-options.js';

/** How often one request may send the same statement. */
const MOST = 3;

/** What ends a transaction says nothing of loops; and calls to the pool get their moments behind every answer. */
const NO_QUERY = /^(?:begin|commit|rollback|savepoint|release|set local)\b|call_slot/i;

interface Request {
  /** By the statement. */
  readonly times: Map<string, number>;
  isAnswered: boolean;
}

/**
 * The statements of a server, and which of them a request of the test repeats: of those that its own entity manager
 * sends, and those that are written by hand, in its asynchronous context and before its answer. Whatever has a label
 * or another entity manager is work that a request only begins.
 */
export class Statements {
  readonly #sent: string[] = [];
  readonly #request = new AsyncLocalStorage<Request>();
  readonly #allowance = new AsyncLocalStorage<string>();

  readonly note: OnStatement = ({ sql, label, sender }) => {
    // What has a label belongs to no request, and is done whenever the server likes.
    if (label !== undefined) return;
    this.#sent.push(sql);
    const request = this.#request.getStore();
    if (request === undefined || request.isAnswered || sender === 'other') return;
    if (!NO_QUERY.test(sql)) request.times.set(sql, (request.times.get(sql) ?? 0) + 1);
  };

  /** Those that were sent meanwhile. */
  async during(action: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.#sent.length;
    await action();
    return this.#sent.slice(before);
  }

  /** @throws RepeatedStatementError where the request sends one statement again and again. */
  async inRequest<Answer>(operation: string, send: () => PromiseLike<Answer>): Promise<Answer> {
    const request: Request = { times: new Map(), isAnswered: false };
    // What is sent only once it is awaited has to be awaited within.
    const answer = await this.#request.run(request, async () => await send());
    request.isAnswered = true;
    if (this.#allowance.getStore() !== undefined) return answer;
    for (const [sql, times] of request.times) {
      if (times > MOST) throw new RepeatedStatementError(sql, times, operation);
    }
    return answer;
  }

  /** For a request that has to repeat itself; the reason is for the reader. */
  async allowingRepeats<Result>(reason: string, action: () => Promise<Result>): Promise<Result> {
    if (reason.trim() === '') throw new TypeError('Say why statements are repeated.');
    return this.#allowance.run(reason, action);
  }
}

export class RepeatedStatementError extends Error {
  constructor(statement: string, times: number, operation: string) {
    super(`One request sent the same statement ${times} times, which is ${times} round trips where one would do:

  ${statement}

The operation was:

  ${operation.trim()}

A resolver of a field loads for each object by itself. Let it ask a loader, which collects the keys of all of them: build a
DataLoader by \`perRequest\`, such as \`userLoader\` in src/directory/user-loader.ts. Where the request has to repeat itself:
\`api.allowingRepeats('the reason', () => ...)\`.`);
    this.name = 'RepeatedStatementError';
  }
}
