import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import { z } from 'zod';
import type { Session } from './session.ts';
import type { Store } from './store.ts';

/** One request of the editor, as HTTP saw it. */
export interface Exchange {
  readonly status: number;
  readonly codes: readonly string[];
  readonly milliseconds: number;
  readonly requestId: string | undefined;
}

export interface FetcherParts {
  readonly endpoint: string;
  readonly session: () => Session | undefined;
  readonly exchange: Store<Exchange | undefined>;
}

/** GraphiQL's own query, which needs no token: a bad one must not take the documentation away. */
export const INTROSPECTION = 'SandboxIntrospection';

const failed = z.object({
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })),
});

/** Sends what the editor asks with the session's token; its own headers come before it. */
export function createFetcher({ endpoint, session, exchange }: FetcherParts): Fetcher {
  return async (operation, options) => {
    const isIntrospection = operation.operationName === INTROSPECTION;
    const token = isIntrospection ? undefined : session()?.accessToken;
    const begin = performance.now();
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...lowerCased(options?.headers),
      },
      body: JSON.stringify(withOwnName(operation)),
    });
    const body = await response.json();
    if (!isIntrospection)
      exchange.set({
        status: response.status,
        codes: failed.safeParse(body).data?.errors.map(({ extensions: { code } }) => code) ?? [],
        milliseconds: Math.round(performance.now() - begin),
        requestId: response.headers.get('x-request-id') ?? undefined,
      });
    return body;
  };
}

/** Just after another tab was opened, the editor still gives the name of an operation of the tab before. */
function withOwnName(operation: FetcherParams): FetcherParams {
  const { operationName, ...unnamed } = operation;
  const document = parsed(operation.query);
  const isElsewhere = document !== undefined && !getOperationAST(document, operationName);
  return isElsewhere ? unnamed : operation;
}

/** Undefined where there is an error of syntax, which the server is to explain. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

/** So that `Authorization` in the editor replaces the session's, instead of being added to it. */
function lowerCased(headers: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
