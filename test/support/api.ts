import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import { createServer, type Server } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { groupCheckOf, viewerChangesOf } from '../../src/directory/index.js';
import { type LocalPool, SEEDED_PASSWORD } from '../../src/local-pool/index.js';
import { createLog } from '../../src/log.js';
import { type TestDatabase, testDatabase } from './database.js';

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
  execute(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
}

export interface Counts {
  /** Statements sent to the database. */
  readonly sql: readonly string[];
  /** Calls received by the local pool, by operation. */
  readonly pool: Readonly<Record<string, number>>;
}

/** A whole server on a database of its own, with the local pool and its seeded people. */
export interface TestApi {
  readonly server: Server;
  readonly localPool: LocalPool;
  readonly cognito: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly anonymous: Client;
  /** Signs a seeded person in through the AWS SDK. */
  signIn(email: string, password?: string): Promise<string>;
  as(email: string): Promise<Client>;
  withToken(token: string): Client;
  /** What an action costs. */
  count(action: () => Promise<unknown>): Promise<Counts>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly database?: TestDatabase;
  /** Whether to wait until the directory was filled; true by default. */
  readonly swept?: boolean;
  /** Takes what is logged. */
  readonly onLog?: (line: string) => void;
}

export async function startApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = options.database ?? (await testDatabase());
  const statements: string[] = [];
  const server = await createServer({
    config: readConfig({ PORT: '0', LOCAL_POOL_PORT: '0', ...options.environment }),
    log: createLog(
      options.onLog === undefined
        ? { level: process.env.TEST_LOG_LEVEL ?? 'silent' }
        : { level: 'info', destination: { write: options.onLog } },
    ),
    database: {
      location: database.location,
      onStatement: ({ sql, label }) => {
        // What has a label belongs to no request, and is done whenever the server likes.
        if (label === undefined) statements.push(sql);
      },
    },
  });
  if (options.swept ?? true) await server.swept;
  const { localPool } = server;
  if (localPool === undefined) throw new Error('The server has no local pool of its own.');
  const cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: localPool.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const installation = await fetch(`${localPool.endpoint}/local-pool`);
  const { poolId, clientId } = z
    .object({ poolId: z.string(), clientId: z.string() })
    .parse(await installation.json());

  const signIn = async (email: string, password = SEEDED_PASSWORD): Promise<string> => {
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: email, PASSWORD: password },
      }),
    );
    if (!AuthenticationResult?.AccessToken) throw new Error(`${email} was not signed in.`);
    return AuthenticationResult.AccessToken;
  };
  const withToken = (token: string) => clientOf(server, { authorization: `Bearer ${token}` });

  return {
    server,
    localPool,
    cognito,
    poolId,
    clientId,
    anonymous: clientOf(server, {}),
    signIn,
    withToken,
    as: async (email) => withToken(await signIn(email)),
    count: async (action) => {
      // What is due behind answers of before is not the action's; and it may be long ago that the server looked.
      await groupCheckOf(server.app).settle();
      await viewerChangesOf(server.app).read();
      const [sql, calls] = [statements.length, new Map(localPool.calls)];
      await action();
      return { sql: statements.slice(sql), pool: difference(calls, localPool.calls) };
    },
    close: async () => {
      cognito.destroy();
      await server.close();
      await database.drop();
    },
  };
}

export function clientOf({ http }: Server, headers: Readonly<Record<string, string>>): Client {
  return {
    async execute(query, variables = {}) {
      const response = await http.inject({
        method: 'POST',
        url: '/graphql',
        headers: { host: '127.0.0.1', ...headers },
        payload: { query, variables },
      });
      const { data, errors, extensions } = response.json();
      return { status: response.statusCode, headers: response.headers, data, errors, extensions };
    },
  };
}

function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) {
  return Object.fromEntries(
    [...after]
      .map(([name, calls]) => [name, calls - (before.get(name) ?? 0)] as const)
      .filter(([, calls]) => calls > 0),
  );
}
