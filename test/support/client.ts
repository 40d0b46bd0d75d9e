import type { GraphQLFormattedError } from 'graphql';
import type { Server } from '../../src/app.js';
import { Statements } from './statements.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // Tests say themselves what they expect of an answer.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly data: any;
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  readonly extensions: { readonly warnings?: readonly object[] } | undefined;
}

/** Sends operations as one viewer. */
export interface Client {
  /** @throws RepeatedStatementError where the operation sends one statement again and again. */
  execute(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
}

export function clientOf(
  { http }: Server,
  headers: Readonly<Record<string, string>>,
  statements = new Statements(),
): Client {
  return {
    async execute(query, variables = {}) {
      const response = await statements.inRequest(query, () =>
        http.inject({
          method: 'POST',
          url: '/graphql',
          headers: { host: '127.0.0.1', ...headers },
          payload: { query, variables },
        }),
      );
      const { data, errors, extensions } = response.json();
      return { status: response.statusCode, headers: response.headers, data, errors, extensions };
    },
  };
}
