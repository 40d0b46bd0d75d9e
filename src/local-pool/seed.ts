import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import pLimit from 'p-limit';
import { NAMED, OTHERS, SEEDED_PASSWORD, type SeededPerson, UNCONFIRMED } from './people.js';
import type { Sql } from './sql.js';

export interface Seeded {
  readonly poolId: string;
  readonly clientId: string;
}

/** The pool and client that were seeded, if they were. */
export async function seeded(sql: Sql): Promise<Seeded | undefined> {
  const [row] = await sql.query<{ pool_id: string | null; client_id: string | null }>(
    'select pool_id, client_id from local_pool.installation',
  );
  if (!row?.pool_id || !row.client_id) return undefined;
  return { poolId: row.pool_id, clientId: row.client_id };
}

/**
 * Fills an installation through the AWS SDK. It counts as filled only when all is there: one that
 * was cut off is filled anew, and of two that race the first to end stands.
 */
export async function seedLocalPool({ endpoint }: { endpoint: string }, sql: Sql): Promise<Seeded> {
  const existing = await seeded(sql);
  if (existing !== undefined) return existing;
  const cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { poolId, clientId } = await fill(cognito);
    // One statement: the pool that came second goes, with all its people.
    await sql.query(
      `with kept as (
         update local_pool.installation set pool_id = $1, client_id = $2 where pool_id is null
         returning pool_id)
       delete from local_pool.pool p where p.id = $1 and not exists (select from kept)`,
      [poolId, clientId],
    );
  } finally {
    cognito.destroy();
  }
  const filled = await seeded(sql);
  if (filled === undefined) throw new Error('The local pool could not be filled.');
  return filled;
}

async function fill(cognito: CognitoIdentityProviderClient): Promise<Seeded> {
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: 'lifeguard',
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    }),
  );
  const poolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'spa',
      ExplicitAuthFlows: [
        'ALLOW_USER_PASSWORD_AUTH',
        'ALLOW_USER_SRP_AUTH',
        'ALLOW_REFRESH_TOKEN_AUTH',
      ],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    }),
  );
  const clientId = UserPoolClient?.ClientId ?? '';
  for (const GroupName of ['admin', 'support'])
    await cognito.send(new CreateGroupCommand({ UserPoolId: poolId, GroupName }));
  for (const Username of UNCONFIRMED)
    await cognito.send(
      new SignUpCommand({
        ClientId: clientId,
        Username,
        Password: SEEDED_PASSWORD,
        UserAttributes: [{ Name: 'email', Value: 'twin@example.com' }],
      }),
    );
  const limit = pLimit(8);
  await Promise.all(
    [...NAMED, ...OTHERS].map((person) => limit(() => addPerson(cognito, poolId, person))),
  );
  return { poolId, clientId };
}

async function addPerson(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
  { username, email, givenName, familyName, group, state }: SeededPerson,
): Promise<void> {
  const ofUser = { UserPoolId, Username: username };
  const attributes = {
    email,
    email_verified: 'true',
    name: `${givenName} ${familyName}`,
    given_name: givenName,
    family_name: familyName,
    picture: `https://people.example.com/${username}.jpg`,
    locale: 'en',
  };
  await cognito.send(
    new AdminCreateUserCommand({
      ...ofUser,
      ...(state === 'temporary' && { TemporaryPassword: SEEDED_PASSWORD }),
      MessageAction: 'SUPPRESS',
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  if (state !== 'temporary')
    await cognito.send(
      new AdminSetUserPasswordCommand({ ...ofUser, Password: SEEDED_PASSWORD, Permanent: true }),
    );
  if (group !== undefined)
    await cognito.send(new AdminAddUserToGroupCommand({ ...ofUser, GroupName: group }));
  if (state === 'disabled') await cognito.send(new AdminDisableUserCommand(ofUser));
}
