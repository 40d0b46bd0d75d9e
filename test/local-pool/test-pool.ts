import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import {
  type LocalPool,
  type Sql,
  startLocalPool,
  type TriggerSet,
} from '../../src/local-pool/index.js';
import { sqlOf } from '../../src/open-local-pool.js';
import { emptyDatabase } from '../support/database.js';

export const PASSWORD = 'Lifeguard1!';

/** A pool and a client of it. */
export interface Place {
  readonly poolId: string;
  readonly clientId: string;
}

/** A local pool on a database of its own, and the SDK that speaks to it. */
export interface TestPool {
  readonly localPool: LocalPool;
  readonly sql: Sql;
  readonly cognito: CognitoIdentityProviderClient;
  /** What the local pool logged: its mailbox. */
  readonly logged: readonly string[];
  /** A second local pool on the same database, to be closed before this one. */
  another(): Promise<LocalPool>;
  /** The code that was sent last. */
  lastCode(): string;
  place(
    pool?: Partial<CreateUserPoolCommandInput>,
    client?: Partial<CreateUserPoolClientCommandInput>,
  ): Promise<Place>;
  /** A confirmed user; its `sub`. */
  addUser(
    place: Place,
    username: string,
    attributes?: Readonly<Record<string, string>>,
  ): Promise<string>;
  attributesOf(place: Place, username: string): Promise<Record<string, string>>;
  signIn(place: Place, username: string, password?: string): Promise<AuthenticationResultType>;
  close(): Promise<void>;
}

export async function startTestPool(triggers: TriggerSet = {}): Promise<TestPool> {
  const database = await emptyDatabase();
  const orm = await MikroORM.init(await ormOptions({ location: database.location, entities }));
  const sql = sqlOf(orm);
  const logged: string[] = [];
  const write = (_fields: object, message: string) => {
    logged.push(message);
  };
  const start = () =>
    startLocalPool({
      sql,
      port: 0,
      log: { info: write, warn: write, error: write },
      triggers,
      corsOrigins: ['https://app.example.com'],
    });
  const localPool = await start();
  const cognito = clientOf(localPool.endpoint);

  return {
    localPool,
    sql,
    cognito,
    logged,
    another: start,
    lastCode: () => /^code (\d+) /.exec(logged.at(-1) ?? '')?.[1] ?? '',
    place: (pool, client) => createPlace(cognito, pool, client),
    async addUser({ poolId }, username, attributes = {}) {
      const ofUser = { UserPoolId: poolId, Username: username };
      const { User } = await cognito.send(
        new AdminCreateUserCommand({
          ...ofUser,
          MessageAction: 'SUPPRESS',
          UserAttributes: attributeTypes(attributes),
        }),
      );
      await cognito.send(
        new AdminSetUserPasswordCommand({ ...ofUser, Password: PASSWORD, Permanent: true }),
      );
      return attributeRecord(User?.Attributes).sub ?? '';
    },
    async attributesOf({ poolId }, username) {
      const { UserAttributes } = await cognito.send(
        new AdminGetUserCommand({ UserPoolId: poolId, Username: username }),
      );
      return attributeRecord(UserAttributes);
    },
    signIn: (place, username, password = PASSWORD) => signIn(cognito, place, username, password),
    async close() {
      cognito.destroy();
      await localPool.close();
      await orm.close(true);
      await database.drop();
    },
  };
}

export function clientOf(endpoint: string): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

async function createPlace(
  cognito: CognitoIdentityProviderClient,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<Place> {
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: 'test',
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      ...pool,
    }),
  );
  const poolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'test',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      ...client,
    }),
  );
  return { poolId, clientId: UserPoolClient?.ClientId ?? '' };
}

export async function signIn(
  cognito: CognitoIdentityProviderClient,
  { clientId }: Place,
  username: string,
  password: string,
): Promise<AuthenticationResultType> {
  const { AuthenticationResult, ChallengeName } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
  if (!AuthenticationResult) throw new Error(`Challenged: ${ChallengeName}`);
  return AuthenticationResult;
}

export function refreshWith({ clientId }: Place, token: string | undefined): InitiateAuthCommand {
  return new InitiateAuthCommand({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: clientId,
    AuthParameters: { REFRESH_TOKEN: token ?? '' },
  });
}

export function attributeTypes(attributes: Readonly<Record<string, string>>): AttributeType[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

export function attributeRecord(
  attributes: readonly AttributeType[] | undefined,
): Record<string, string> {
  return Object.fromEntries((attributes ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
}

/** What a call was refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ readonly name: string; readonly message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('The call was not refused.');
  return { name: error.name, message: error.message };
}

/** Calls an operation without the SDK, which would read the answer, and might try again. */
export function sendByHand(
  { localPool }: TestPool,
  operation: string,
  input: object,
  signal: AbortSignal | null = null,
): Promise<Response> {
  return fetch(localPool.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local',
    },
    body: JSON.stringify(input),
    signal,
  });
}

/** The claims of a token, unverified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  const [, payload = ''] = (token ?? '').split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
