import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminRemoveUserFromGroupCommand,
  type AuthFlowType,
  CreateGroupCommand,
  type CreateUserPoolClientCommandInput,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import type { Jwks } from 'aws-jwt-verify/jwk';
import {
  attributeTypes,
  claimsOf,
  PASSWORD,
  type Place,
  refreshWith,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

let pool: TestPool;
let place: Place;
beforeAll(async () => {
  pool = await startTestPool();
  place = await pool.place();
});
afterAll(() => pool.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const WRONG = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

const issuerOf = ({ poolId }: Place) => `${pool.localPool.endpoint}/${poolId}`;

async function verified(token: string | undefined, tokenUse: 'access' | 'id') {
  const jwksUri = `${issuerOf(place)}/.well-known/jwks.json`;
  const verifier = JwtVerifier.create({
    issuer: issuerOf(place),
    audience: null,
    jwksUri,
    customJwtCheck: ({ payload }) =>
      validateCognitoJwtFields(payload, { clientId: place.clientId, tokenUse }),
  });
  // Written by ourselves, and the verifier checks it anew.
  verifier.cacheJwks((await (await fetch(jwksUri)).json()) as Jwks);
  return verifier.verify(token ?? '');
}

describe('tokens', () => {
  test("an access token verifies by the served keys and has all of Cognito's claims", async () => {
    const sub = await pool.addUser(place, 'claire', { email: 'claire@example.com' });
    const result = await pool.signIn(place, 'claire');
    expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    const claims = await verified(result.AccessToken, 'access');
    expect(claims).toEqual({
      sub,
      iss: issuerOf(place),
      client_id: place.clientId,
      origin_jti: expect.stringMatching(UUID),
      event_id: expect.stringMatching(UUID),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: expect.any(Number),
      exp: Number(claims.iat) + 3600,
      iat: expect.any(Number),
      jti: expect.stringMatching(UUID),
      username: 'claire',
      version: 2,
    });
    expect(sub).toMatch(UUID);
    expect(Math.abs(Number(claims.iat) - Date.now() / 1000)).toBeLessThan(60);
    const [header = ''] = (result.AccessToken ?? '').split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      kid: expect.any(String),
      alg: 'RS256',
    });
  });

  test('an id token tells of the person', async () => {
    const sub = await pool.addUser(place, 'ida', {
      email: 'ida@example.com',
      email_verified: 'true',
      name: 'Ida Example',
    });
    const result = await pool.signIn(place, 'ida');
    const claims = await verified(result.IdToken, 'id');
    expect(claims).toEqual({
      sub,
      aud: place.clientId,
      iss: issuerOf(place),
      token_use: 'id',
      'cognito:username': 'ida',
      email: 'ida@example.com',
      email_verified: true,
      name: 'Ida Example',
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3600,
      jti: expect.stringMatching(UUID),
      origin_jti: claimsOf(result.AccessToken).origin_jti,
      event_id: claimsOf(result.AccessToken).event_id,
    });
    expect(claims.jti).not.toBe(claimsOf(result.AccessToken).jti);
  });

  test('have the groups of their issue', async () => {
    const ofUser = { UserPoolId: place.poolId, Username: 'gus' };
    await pool.addUser(place, 'gus');
    for (const GroupName of ['writers', 'readers']) {
      await pool.cognito.send(new CreateGroupCommand({ UserPoolId: place.poolId, GroupName }));
      await pool.cognito.send(new AdminAddUserToGroupCommand({ ...ofUser, GroupName }));
    }
    const result = await pool.signIn(place, 'gus');
    expect(claimsOf(result.AccessToken)['cognito:groups']).toEqual(['readers', 'writers']);
    expect(claimsOf(result.IdToken)['cognito:groups']).toEqual(['readers', 'writers']);

    await pool.cognito.send(
      new AdminRemoveUserFromGroupCommand({ ...ofUser, GroupName: 'writers' }),
    );
    const { AuthenticationResult } = await pool.cognito.send(
      refreshWith(place, result.RefreshToken),
    );
    expect(claimsOf(AuthenticationResult?.AccessToken)['cognito:groups']).toEqual(['readers']);
  });

  test('live as long as the client says', async () => {
    const short = await pool.place(
      {},
      {
        AccessTokenValidity: 5,
        IdTokenValidity: 2,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours' },
        EnableTokenRevocation: false,
      },
    );
    await pool.addUser(short, 'sue');
    const { AccessToken, IdToken, ExpiresIn } = await pool.signIn(short, 'sue');
    const [access, id] = [claimsOf(AccessToken), claimsOf(IdToken)];
    expect(ExpiresIn).toBe(300);
    expect(Number(access.exp) - Number(access.iat)).toBe(300);
    expect(Number(id.exp) - Number(id.iat)).toBe(7200);
    expect(access).not.toHaveProperty('origin_jti');
  });
});

describe('by password', () => {
  test.each(['uma', 'UMA', 'uma@example.com', 'Uma@Example.com'])(
    'signs in as %s where case does not count and the address is verified',
    async (name) => {
      const own = await pool.place();
      await pool.addUser(own, 'uma', { email: 'uma@example.com', email_verified: 'true' });
      expect(claimsOf((await pool.signIn(own, name)).AccessToken).username).toBe('uma');
    },
  );

  test('takes case for what it is where the pool does', async () => {
    const sensitive = await pool.place({ UsernameConfiguration: { CaseSensitive: true } });
    const first = await pool.addUser(sensitive, 'uma');
    const second = await pool.addUser(sensitive, 'UMA');
    expect(claimsOf((await pool.signIn(sensitive, 'uma')).AccessToken).sub).toBe(first);
    expect(claimsOf((await pool.signIn(sensitive, 'UMA')).AccessToken).sub).toBe(second);
    expect(await refusal(pool.signIn(sensitive, 'Uma'))).toEqual(WRONG);
  });

  test('refuses an unverified address', async () => {
    await pool.addUser(place, 'vic', { email: 'vic@example.com' });
    expect(await refusal(pool.signIn(place, 'vic@example.com'))).toEqual(WRONG);
  });

  test.each(['lifeguard1!', `${PASSWORD} `, ` ${PASSWORD}`, 'x'])(
    'refuses the wrong password %j',
    async (password) => {
      const own = await pool.place();
      await pool.addUser(own, 'pia');
      expect(await refusal(pool.signIn(own, 'pia', password))).toEqual(WRONG);
    },
  );

  test('tells an unknown name from a wrong password only where the client wants it', async () => {
    expect(await refusal(pool.signIn(place, 'nobody'))).toEqual(WRONG);
    const legacy = await pool.place({}, { PreventUserExistenceErrors: 'LEGACY' });
    expect(await refusal(pool.signIn(legacy, 'nobody'))).toEqual({
      name: 'UserNotFoundException',
      message: 'User does not exist.',
    });
  });

  test('knows the people of one pool by no client of another', async () => {
    const [one, other] = [await pool.place(), await pool.place()];
    await pool.addUser(one, 'uma', { email: 'uma@example.com', email_verified: 'true' });
    for (const name of ['uma', 'uma@example.com'])
      expect(await refusal(pool.signIn(other, name))).toEqual(WRONG);
    const sub = await pool.addUser(other, 'uma');
    expect(claimsOf((await pool.signIn(other, 'uma')).AccessToken).sub).toBe(sub);
  });

  test('answers a user without a password as one with another password', async () => {
    await pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: place.poolId,
        Username: 'bare',
        MessageAction: 'SUPPRESS',
      }),
    );
    expect(await refusal(pool.signIn(place, 'bare'))).toEqual(WRONG);
  });

  test('refuses a disabled user, and says so only for the right password', async () => {
    const ofUser = { UserPoolId: place.poolId, Username: 'dan' };
    await pool.addUser(place, 'dan');
    await pool.cognito.send(new AdminDisableUserCommand(ofUser));
    expect(await refusal(pool.signIn(place, 'dan'))).toEqual({
      name: 'NotAuthorizedException',
      message: 'User is disabled.',
    });
    expect(await refusal(pool.signIn(place, 'dan', 'Wrong1!!'))).toEqual(WRONG);
    await pool.cognito.send(new AdminEnableUserCommand(ofUser));
    expect((await pool.signIn(place, 'dan')).AccessToken).toBeDefined();
  });

  test('refuses an unconfirmed user', async () => {
    await pool.cognito.send(
      new SignUpCommand({ ClientId: place.clientId, Username: 'nia', Password: PASSWORD }),
    );
    expect((await refusal(pool.signIn(place, 'nia'))).name).toBe('UserNotConfirmedException');
  });

  test('refuses a user whose password was reset', async () => {
    await pool.addUser(place, 'rex');
    await pool.sql.query(
      `update local_pool.account set status = 'RESET_REQUIRED' where pool_id = $1 and username = $2`,
      [place.poolId, 'rex'],
    );
    expect((await refusal(pool.signIn(place, 'rex'))).name).toBe('PasswordResetRequiredException');
  });

  test('challenges a temporary password', async () => {
    const strict = await pool.place({
      Schema: [{ Name: 'given_name', AttributeDataType: 'String', Required: true, Mutable: true }],
    });
    await pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: strict.poolId,
        Username: 'fay',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
        UserAttributes: attributeTypes({ email: 'fay@example.com' }),
      }),
    );
    const answer = await pool.cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: strict.clientId,
        AuthParameters: { USERNAME: 'fay', PASSWORD },
      }),
    );
    expect(answer).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: expect.stringMatching(/.{20}/),
      ChallengeParameters: {
        USER_ID_FOR_SRP: 'fay',
        requiredAttributes: '["userAttributes.given_name"]',
      },
    });
    expect(JSON.parse(answer.ChallengeParameters?.userAttributes ?? '')).toMatchObject({
      email: 'fay@example.com',
    });
    expect(answer.AuthenticationResult).toBeUndefined();
  });

  test('knows no client that is not there', async () => {
    const call = pool.signIn({ ...place, clientId: 'nowhere' }, 'uma');
    expect(await refusal(call)).toEqual({
      name: 'ResourceNotFoundException',
      message: 'User pool client nowhere does not exist.',
    });
  });

  test.each([
    ['USERNAME', { PASSWORD }],
    ['PASSWORD', { USERNAME: 'uma' }],
  ])('asks for %s', async (parameter, parameters: Record<string, string>) => {
    const call = pool.cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: place.clientId,
        AuthParameters: parameters,
      }),
    );
    expect(await refusal(call)).toEqual({
      name: 'InvalidParameterException',
      message: `Missing required parameter ${parameter}`,
    });
  });

  test('keeps no password, and another verifier for each user', async () => {
    const own = await pool.place();
    await pool.addUser(own, 'one');
    await pool.addUser(own, 'two');
    const rows = await pool.sql.query<{ row: string; password: string }>(
      'select a::text as row, password::text as password from local_pool.account a where pool_id = $1',
      [own.poolId],
    );
    expect(new Set(rows.map(({ password }) => password)).size).toBe(2);
    for (const { row, password } of rows) {
      expect(row).not.toContain('Lifeguard1');
      expect(JSON.parse(password)).toEqual({
        salt: expect.stringMatching(/^[0-9a-f]{32}$/),
        verifier: expect.stringMatching(/^[0-9a-f]{768}$/),
      });
    }
  });
});

describe('the flows of a client', () => {
  type Flows = CreateUserPoolClientCommandInput['ExplicitAuthFlows'];

  test.each<[string, Flows, boolean, boolean]>([
    ['none, which allow no password', undefined, false, true],
    ['passwords of the old style', ['USER_PASSWORD_AUTH'], true, true],
    ['passwords alone', ['ALLOW_USER_PASSWORD_AUTH'], true, false],
    ['refreshing alone', ['ALLOW_REFRESH_TOKEN_AUTH'], false, true],
    ['both', ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'], true, true],
    ['SRP alone', ['ALLOW_USER_SRP_AUTH'], false, false],
  ])('are kept to: %s', async (_flows, flows, password, refresh) => {
    const own = await pool.place({}, { ExplicitAuthFlows: flows });
    await pool.addUser(own, 'uma');
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => 'signed in',
        (error: Error) => error.message,
      );
    expect(await outcome(pool.signIn(own, 'uma'))).toBe(
      password ? 'signed in' : 'USER_PASSWORD_AUTH flow not enabled for this client',
    );
    expect(await outcome(pool.cognito.send(refreshWith(own, 'unknown')))).toBe(
      refresh ? 'Invalid Refresh Token' : 'REFRESH_TOKEN_AUTH flow not enabled for this client',
    );
  });

  test.each<AuthFlowType>(['CUSTOM_AUTH', 'USER_SRP_AUTH', 'ADMIN_NO_SRP_AUTH'])(
    'have no %s here',
    async (AuthFlow) => {
      const call = pool.cognito.send(
        new InitiateAuthCommand({ AuthFlow, ClientId: place.clientId, AuthParameters: {} }),
      );
      expect((await refusal(call)).name).toBe('InvalidParameterException');
    },
  );
});

describe('by refresh token', () => {
  test.each<AuthFlowType>(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])(
    '%s gives new tokens of the same sign-in, and no other refresh token',
    async (AuthFlow) => {
      const own = await pool.place();
      await pool.addUser(own, 'uma');
      const first = await pool.signIn(own, 'uma');
      const { AuthenticationResult } = await pool.cognito.send(
        new InitiateAuthCommand({
          AuthFlow,
          ClientId: own.clientId,
          AuthParameters: { REFRESH_TOKEN: first.RefreshToken ?? '' },
        }),
      );
      const [before, after] = [
        claimsOf(first.AccessToken),
        claimsOf(AuthenticationResult?.AccessToken),
      ];
      expect(AuthenticationResult?.RefreshToken).toBeUndefined();
      expect(after).toMatchObject({
        sub: before.sub,
        origin_jti: before.origin_jti,
        auth_time: before.auth_time,
      });
      expect(after.jti).not.toBe(before.jti);
    },
  );

  test('a refresh token is opaque, and kept as a hash', async () => {
    await pool.addUser(place, 'otto');
    const { RefreshToken = '' } = await pool.signIn(place, 'otto');
    expect(RefreshToken).toMatch(/^[\w-]{64}$/);
    const rows = await pool.sql.query<{ row: string }>(
      'select s::text as row from local_pool.sign_in s',
    );
    expect(rows.some(({ row }) => row.includes(RefreshToken))).toBe(false);
  });

  test('refuses a token of another client, an expired one and none', async () => {
    const own = await pool.place();
    await pool.addUser(own, 'uma');
    const { RefreshToken } = await pool.signIn(own, 'uma');
    expect(await refusal(pool.cognito.send(refreshWith(place, RefreshToken)))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    });
    expect((await refusal(pool.cognito.send(refreshWith(own, '')))).message).toBe(
      'Missing required parameter REFRESH_TOKEN',
    );
    await pool.sql.query(
      'update local_pool.sign_in set expires_at = auth_time where client_id = $1',
      [own.clientId],
    );
    expect((await refusal(pool.cognito.send(refreshWith(own, RefreshToken)))).message).toBe(
      'Refresh Token has expired',
    );
  });

  test('refuses a disabled user, also after being enabled again, and a deleted one', async () => {
    const own = await pool.place();
    const ofUser = { UserPoolId: own.poolId, Username: 'uma' };
    await pool.addUser(own, 'uma');
    const { RefreshToken } = await pool.signIn(own, 'uma');
    const refused = async () =>
      (await refusal(pool.cognito.send(refreshWith(own, RefreshToken)))).message;

    await pool.cognito.send(new AdminDisableUserCommand(ofUser));
    expect(await refused()).toBe('User is disabled.');
    await pool.cognito.send(new AdminEnableUserCommand(ofUser));
    expect(await refused()).toBe('Refresh Token has been revoked');
    await pool.cognito.send(new AdminDeleteUserCommand(ofUser));
    expect(await refused()).toBe('Invalid Refresh Token');
  });
});
