import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { EntityClass } from '@mikro-orm/core';
import { createServer, type Server } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { groupCheckOf, viewerChangesOf } from '../../src/directory/index.js';
import type { LocalPool } from '../../src/local-pool/index.js';
import { createLog } from '../../src/log/index.js';
import type { Feature } from '../../src/request/feature.js';
import { type Client, clientOf } from './client.js';
import { type TestDatabase, testDatabase } from './database.js';
import { type Access, type NewPerson, People, type Person } from './people.js';
import { type Filled, type Given, keepRow } from './rows.js';
import { installationAt, SignIn } from './sign-in.js';
import { Statements, watchByHand } from './statements.js';
import { at } from './time.js';

export { type Answer, type Client, clientOf } from './client.js';
export type { Person } from './people.js';

export interface Counts {
  /** Statements sent to the database. */
  readonly sql: readonly string[];
  /** Calls received by the local pool, by operation. */
  readonly pool: Readonly<Record<string, number>>;
}

/** A whole server on a database of its own, with the local pool and its seeded people. See docs/testing.md. */
export interface TestApi {
  readonly server: Server;
  readonly localPool: LocalPool;
  readonly cognito: CognitoIdentityProviderClient;
  readonly poolId: string;
  /** Of the app client that people sign in with. */
  readonly clientId: string;
  readonly machineClientId: string;
  readonly anonymous: Client;
  /** Signs a seeded person in through the AWS SDK. */
  signIn(email: string, password?: string): Promise<string>;
  /** Whoever has that address, such as a seeded person. */
  as(email: string, scopes?: readonly string[]): Promise<Client>;
  /** A person in these groups and in no other, the same one each time, with these scopes. */
  as(access: Access): Promise<Person>;
  /** The machine client of the local pool. */
  asClient(access: { readonly scopes: readonly string[] }): Promise<Client>;
  withToken(token: string): Client;
  /** A new person, for tests that change them. */
  person(person?: NewPerson): Promise<Person>;
  /** A row, kept past all rules; what is not given gets a value that the column takes. */
  row<Row extends object>(
    entity: EntityClass<Row>,
    given?: Given<Row>,
    filled?: Filled,
  ): Promise<Row>;
  /** What an action costs. */
  count(action: () => Promise<unknown>): Promise<Counts>;
  /** Lets requests send one statement again and again, which fails a test otherwise. */
  allowingRepeats<Result>(reason: string, action: () => Promise<Result>): Promise<Result>;
  /** Does something at another time, which goes on from there. */
  at<Result>(time: Date, action: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly database?: TestDatabase;
  /** Whether to wait until the directory was filled; true by default. */
  readonly swept?: boolean;
  /** Takes what is logged. */
  readonly onLog?: (line: string) => void;
  /** Instead of those of `src/features.ts`; tables of entities that no migration makes are made. */
  readonly features?: readonly Feature[];
}

export async function startApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = options.database ?? (await testDatabase());
  const statements = new Statements();
  const server = await createServer({
    config: readConfig({ PORT: '0', LOCAL_POOL_PORT: '0', ...options.environment }),
    log: createLog(
      options.onLog === undefined
        ? { level: process.env.TEST_LOG_LEVEL ?? 'silent' }
        : { level: 'info', destination: { write: options.onLog } },
    ),
    ...(options.features && { features: options.features }),
    database: { location: database.location, onStatement: statements.note },
  });
  watchByHand(server.app.orm);
  if (options.features) await server.app.orm.schema.update({ safe: true });
  if (options.swept ?? true) await server.swept();
  const { app, localPool } = server;
  if (localPool === undefined) throw new Error('The server has no local pool of its own.');
  const { endpoint } = localPool;
  const cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const installation = await installationAt(endpoint);
  const { poolId, clientId } = installation;
  const signIn = new SignIn({ ...installation, cognito, endpoint });
  const withToken = (token: string) =>
    clientOf(server, { authorization: `Bearer ${token}` }, statements);
  const people = new People({ cognito, poolId, signIn, withToken });

  function as(email: string, scopes?: readonly string[]): Promise<Client>;
  function as(access: Access): Promise<Person>;
  async function as(who: string | Access, scopes?: readonly string[]): Promise<Client> {
    if (typeof who !== 'string') return people.inGroups(who);
    return withToken(await signIn.signIn(who, scopes));
  }

  return {
    server,
    localPool,
    cognito,
    poolId,
    clientId,
    machineClientId: installation.machineClient.clientId,
    anonymous: clientOf(server, {}, statements),
    signIn: (email, password) => signIn.byPassword(email, password),
    withToken,
    as,
    asClient: async ({ scopes }) => withToken(await signIn.byClientCredentials(scopes)),
    person: (person = {}) => people.person(person),
    row: (entity, given = {}, filled) => keepRow(app.orm, entity, given, filled),
    allowingRepeats: (reason, action) => statements.allowingRepeats(reason, action),
    at: (time, action) => at(app, time, action),
    count: async (action) => {
      // What is due behind answers of before is not the action's; and it may be long ago that the server looked.
      await groupCheckOf(app).settle();
      await viewerChangesOf(app).read();
      const calls = new Map(localPool.calls);
      const sql = await statements.during(action);
      return { sql, pool: difference(calls, localPool.calls) };
    },
    close: async () => {
      cognito.destroy();
      await server.close();
      await database.drop();
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
