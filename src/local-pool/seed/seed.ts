import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Attributes, NewAccount } from '../accounts/account.js';
import { importAccounts } from '../accounts/account-import.js';
import { srpVerifier } from '../accounts/srp.js';
import type { Stores } from '../operation.js';
import { operations } from '../operations/index.js';
import type { Pool } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';
import { createStores } from '../stores.js';
import { openInstallation } from '../tokens/installation.js';
import { callbackUrls } from './callback-urls.js';
import { NAMED, OTHERS, SEEDED_PASSWORD, type SeededPerson, UNCONFIRMED } from './people.js';

/** What an installation was filled with, by id. */
export interface Seeded {
  readonly poolId: string;
  /** The one that the server trusts. */
  readonly clientId: string;
  /** Of the same pool; the server does not trust it. */
  readonly otherClientId: string;
  /** Signs in for itself, with a secret. */
  readonly machineClientId: string;
}

/** What was seeded, if anything was. */
export async function seeded(sql: Sql): Promise<Seeded | undefined> {
  const [row] = await sql.query<{ seeded: string | null }>(
    'select seeded::text as seeded from local_pool.installation',
  );
  return row?.seeded ? JSON.parse(row.seeded) : undefined;
}

/**
 * Fills an installation by the operations of the API, all of it or nothing: servers that start at
 * once wait for each other, and what was cut off leaves no trace.
 * @param sandboxPort of the server that the sign-in page leads back to
 */
export async function seedLocalPool(sql: Sql, sandboxPort: number): Promise<Seeded> {
  return (await seeded(sql)) ?? sql.transaction((whole) => fillOnce(whole, sandboxPort));
}

async function fillOnce(sql: Sql, sandboxPort: number): Promise<Seeded> {
  await sql.query('select id::text from local_pool.installation for update');
  const existing = await seeded(sql);
  if (existing !== undefined) return existing;
  const stores = await quietStores(sql);
  const filled = await fill(stores, sandboxPort);
  const pool = await stores.pools.pool(filled.poolId);
  await importAccounts(
    sql,
    pool,
    OTHERS.map((person) => confirmed(pool, person)),
  );
  await sql.query('update local_pool.installation set seeded = $1::jsonb', [
    JSON.stringify(filled),
  ]);
  return filled;
}

/** Their messages would be read by nobody. */
async function quietStores(sql: Sql): Promise<Stores> {
  const quiet = () => undefined;
  return createStores({
    sql,
    installation: await openInstallation(sql),
    log: { info: quiet, warn: quiet, error: quiet },
    triggers: {},
    deliver: quiet,
    endpoint: () => '',
  });
}

async function fill(stores: Stores, sandboxPort: number): Promise<Seeded> {
  const called = await call(stores, 'CreateUserPool', {
    PoolName: 'lifeguard',
    AliasAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const poolId = createdPool.parse(called).UserPool.Id;
  const clients = await addClients(stores, poolId, sandboxPort);
  for (const GroupName of ['admin', 'support'])
    await call(stores, 'CreateGroup', { UserPoolId: poolId, GroupName });
  for (const { username, email } of UNCONFIRMED)
    await call(stores, 'SignUp', {
      ClientId: clients.clientId,
      Username: username,
      Password: SEEDED_PASSWORD,
      UserAttributes: [{ Name: 'email', Value: email }],
    });
  for (const person of NAMED) await addPerson(stores, poolId, person);
  return { poolId, ...clients };
}

const createdPool = z.object({ UserPool: z.object({ Id: z.string() }) });
const createdClient = z.object({ UserPoolClient: z.object({ ClientId: z.string() }) });

async function addClients(stores: Stores, UserPoolId: string, sandboxPort: number) {
  const add = async (settings: object) => {
    const created = await call(stores, 'CreateUserPoolClient', { UserPoolId, ...settings });
    return createdClient.parse(created).UserPoolClient.ClientId;
  };
  await call(stores, 'CreateResourceServer', {
    UserPoolId,
    Identifier: 'lifeguard',
    Name: 'Lifeguard',
    Scopes: [
      { ScopeName: 'read', ScopeDescription: 'Read' },
      { ScopeName: 'write', ScopeDescription: 'Change' },
    ],
  });
  const forPeople = {
    ExplicitAuthFlows: [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: true,
    SupportedIdentityProviders: ['COGNITO'],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin'],
    CallbackURLs: callbackUrls(sandboxPort),
    LogoutURLs: callbackUrls(sandboxPort),
  };
  return {
    clientId: await add({ ClientName: 'spa', ...forPeople }),
    otherClientId: await add({ ClientName: 'other', ...forPeople }),
    machineClientId: await add({
      ClientName: 'machine',
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['lifeguard/read', 'lifeguard/write'],
    }),
  };
}

async function addPerson(stores: Stores, UserPoolId: string, person: SeededPerson): Promise<void> {
  const { username, group, state } = person;
  const ofUser = { UserPoolId, Username: username };
  await call(stores, 'AdminCreateUser', {
    ...ofUser,
    ...(state === 'temporary' && { TemporaryPassword: SEEDED_PASSWORD }),
    MessageAction: 'SUPPRESS',
    UserAttributes: Object.entries(attributesOf(person)).map(([Name, Value]) => ({ Name, Value })),
  });
  if (state !== 'temporary')
    await call(stores, 'AdminSetUserPassword', {
      ...ofUser,
      Password: SEEDED_PASSWORD,
      Permanent: true,
    });
  if (group !== undefined)
    await call(stores, 'AdminAddUserToGroup', { ...ofUser, GroupName: group });
  if (state === 'disabled') await call(stores, 'AdminDisableUser', ofUser);
}

/** As the operations would make one; the crowd is put in at once, since each operation takes its time. */
function confirmed(pool: Pool, person: SeededPerson): NewAccount {
  const { username } = person;
  return {
    sub: randomUUID(),
    username,
    attributes: attributesOf(person),
    status: 'CONFIRMED',
    password: srpVerifier(pool, username, SEEDED_PASSWORD),
  };
}

function attributesOf({ username, email, givenName, familyName }: SeededPerson): Attributes {
  return {
    email,
    email_verified: 'true',
    name: `${givenName} ${familyName}`,
    given_name: givenName,
    family_name: familyName,
    picture: `https://people.example.com/${username}.jpg`,
    locale: 'en',
  };
}

async function call(stores: Stores, name: string, input: object): Promise<object> {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  return operation.run(input, stores);
}
