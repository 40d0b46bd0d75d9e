import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  DescribeUserPoolClientCommand,
  GlobalSignOutCommand,
  UpdateUserPoolClientCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client, TestApi } from '../../support/api.js';
import { startApi } from '../../support/api.js';
import { poolToken } from '../../support/pool-token.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const update = /* GraphQL */ `mutation ($input: UpdateMyProfileInput!) {
  updateMyProfile(input: $input) {
    user { profile { name nickname picture locale website } account { email emailVerified phoneNumber } }
    pendingVerifications { attribute destination medium }
  }
}`;
const ask = '{ me { profile { name } account { email } } }';

const change = (client: Client, input: object) => client.execute(update, { input });

async function atPool(Username: string): Promise<Record<string, string>> {
  const { UserAttributes = [] } = await api.cognito.send(
    new AdminGetUserCommand({ UserPoolId: api.poolId, Username }),
  );
  return Object.fromEntries(UserAttributes.map(({ Name = '', Value = '' }) => [Name, Value]));
}

describe('a change', () => {
  test('is written to the pool and shown at once; null removes, what is absent stays', async () => {
    const uma = await api.as('uma@example.com');
    await uma.execute(ask);
    const before = await atPool('uma');
    const { data, errors } = await change(uma, {
      nickname: 'Umi',
      locale: 'pt-PT',
      picture: 'https://people.example.com/umi.jpg',
      phoneNumber: '+351210000001',
    });
    expect(errors).toBeUndefined();
    expect(data.updateMyProfile.user).toMatchObject({
      profile: { name: before.name, nickname: 'Umi', locale: 'pt-PT' },
      account: { phoneNumber: '+351210000001' },
    });
    const removed = await change(uma, { nickname: null, picture: null });
    expect(removed.errors).toBeUndefined();
    expect(removed.data.updateMyProfile.user.profile).toMatchObject({
      nickname: null,
      picture: null,
      locale: 'pt-PT',
    });
    const after = await atPool('uma');
    expect(after.nickname).toBeUndefined();
    expect(after.locale).toBe('pt-PT');
  });

  test('twice ends in the same state', async () => {
    const mei = await api.as('mei.chen@example.com');
    const first = await change(mei, { name: 'Mei Twice', nickname: null });
    const second = await change(mei, { name: 'Mei Twice', nickname: null });
    expect(second.errors).toBeUndefined();
    expect(second.data).toEqual(first.data);
  });

  test('is one call that changes and two that read', async () => {
    const mei = await api.as('mei.gupta@example.com');
    await mei.execute(ask);
    const { pool } = await api.count(() => change(mei, { name: 'Mei Counted', nickname: null }));
    expect(pool).toEqual({ UpdateUserAttributes: 1, AdminGetUser: 1, AdminListGroupsForUser: 1 });
  });

  test('of an address that awaits verification says where the code went', async () => {
    const token = await api.signIn('mei.dubois@example.com');
    const mei = api.withToken(token);
    const { data, errors } = await change(mei, { email: 'mei.new@example.com' });
    expect(errors).toBeUndefined();
    const { user, pendingVerifications } = data.updateMyProfile;
    expect(pendingVerifications).toEqual([
      { attribute: 'email', destination: 'm***@e***', medium: 'EMAIL' },
    ]);
    const { email, email_verified } = await atPool('mei.dubois');
    expect(user.account).toMatchObject({ email, emailVerified: email_verified === 'true' });

    const messages = await fetch(`${api.localPool.endpoint}/local-pool/mailbox`);
    const code = /mei\.new@example\.com[\s\S]*?(\d{6})/.exec(await messages.text())?.[1];
    await api.cognito.send(
      new VerifyUserAttributeCommand({ AccessToken: token, AttributeName: 'email', Code: code }),
    );
    const after = await mei.execute(
      'mutation { refreshMyProfile { user { account { email emailVerified } } } }',
    );
    expect(after.data.refreshMyProfile.user.account).toEqual({
      email: 'mei.new@example.com',
      emailVerified: true,
    });
  });
});

describe('a token', () => {
  const refusalOf = async (token: string) => {
    const { pool } = await api.count(async () => {
      answer = await change(api.withToken(token), { name: 'Nobody' });
    });
    return { status: answer.status, extensions: answer.errors?.[0]?.extensions, pool };
  };
  let answer: Awaited<ReturnType<Client['execute']>>;

  test('without the scope is refused before the pool is asked, with what to ask for', async () => {
    const person = await poolToken(api, {
      sub: (await atPool('sam')).sub,
      username: 'sam',
      scope: 'openid profile',
    });
    expect(await refusalOf(person)).toMatchObject({
      status: 403,
      extensions: {
        code: 'FORBIDDEN',
        reason: 'scope',
        hint: 'Ask for a token with the scope aws.cognito.signin.user.admin.',
      },
      pool: {},
    });
  });

  test.each([['other/scope'], ['aws.cognito.signin.user.admin']])(
    'of a machine client is refused, with the scope %s too',
    async (scope) => {
      const { status, extensions, pool } = await refusalOf(await poolToken(api, { scope }));
      expect({ status, pool }).toEqual({ status: 403, pool: {} });
      expect(extensions?.code).toBe('FORBIDDEN');
    },
  );

  test('whose sign-in has ended at the pool is refused, though the server did not know', async () => {
    const token = await api.signIn('liam.chen@example.com');
    await api.cognito.send(new GlobalSignOutCommand({ AccessToken: token }));
    expect(await refusalOf(token)).toMatchObject({
      status: 401,
      extensions: { code: 'UNAUTHENTICATED', reason: 'revoked' },
    });
  });

  test('of an account that is gone is refused, and the account forgotten', async () => {
    const token = await api.signIn('liam.gupta@example.com');
    await api.withToken(token).execute(ask);
    await api.cognito.send(
      new AdminDeleteUserCommand({ UserPoolId: api.poolId, Username: 'liam.gupta' }),
    );
    expect(await refusalOf(token)).toMatchObject({
      status: 401,
      extensions: { code: 'UNAUTHENTICATED', reason: 'deleted' },
    });
  });
});

describe('the pool', () => {
  test('does not take attributes that the app client may not write', async () => {
    const pool = { UserPoolId: api.poolId, ClientId: api.clientId };
    const { UserPoolClient } = await api.cognito.send(new DescribeUserPoolClientCommand(pool));
    const { LastModifiedDate, CreationDate, ClientSecret, ...settings } = UserPoolClient ?? {};
    await api.cognito.send(
      new UpdateUserPoolClientCommand({ ...settings, ...pool, WriteAttributes: ['name'] }),
    );
    const grace = await api.as('grace.chen@example.com');
    const { status, errors } = await change(grace, { nickname: 'G' });
    expect(status).toBe(403);
    expect(errors?.[0]).toMatchObject({
      message: 'The app client may not write the input `nickname`.',
      extensions: { code: 'FORBIDDEN', reason: 'attribute' },
    });
    expect((await change(grace, { name: 'Grace Allowed' })).errors).toBeUndefined();
    await api.cognito.send(new UpdateUserPoolClientCommand({ ...settings, ...pool }));
  });

  test.each([
    ['error', 'UNAVAILABLE'],
    ['reset', 'UNAVAILABLE'],
    ['throttling', 'UNAVAILABLE'],
  ] as const)('failing by %s leaves it open whether the change was made', async (fault, code) => {
    const ada = await api.as('ada@example.com');
    await ada.execute(ask);
    api.localPool.faults.set({
      operations: [{ match: 'UpdateUserAttributes', fault }],
      jwks: 'ok',
    });
    const { status, errors } = await change(ada, { nickname: 'A' });
    expect(status).toBe(503);
    expect(errors?.[0]?.extensions).toMatchObject({
      code,
      reason: 'user_pool',
      hint: 'Send the same change again: twice does no harm.',
    });
  });

  test('that took the change but cannot be read is told as that, and read later', async () => {
    const kofi = await api.as('grace.gupta@example.com');
    await kofi.execute(ask);
    api.localPool.faults.set({
      operations: [{ match: 'AdminGetUser', fault: 'error' }],
      jwks: 'ok',
    });
    const { status, errors, data, extensions } = await change(kofi, { name: 'Grace Unread' });
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(extensions?.warnings).toEqual([expect.objectContaining({ code: 'PROFILE_NOT_READ' })]);
    expect(data.updateMyProfile.user.profile.name).not.toBe('Grace Unread');
    expect((await atPoolWithoutFaults('grace.gupta')).name).toBe('Grace Unread');
    await expect(shownLater(kofi, 'Grace Unread')).resolves.toBe(true);
  });

  async function atPoolWithoutFaults(username: string) {
    api.localPool.faults.clear();
    return atPool(username);
  }

  async function shownLater(client: Client, name: string): Promise<boolean> {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      if ((await client.execute(ask)).data.me.profile.name === name) return true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return false;
  }
});

describe('an input', () => {
  const long = 'x'.repeat(2049);
  test.each([
    [{}, 'The input `input` must name a change.'],
    [{ name: '' }, 'The input `name` must not be empty: null removes it.'],
    [{ nickname: long }, 'The input `nickname` must have at most 2048 characters.'],
    [{ givenName: 'a\u0000b' }, 'The input `givenName` must not have control characters.'],
    [{ familyName: 'a\nb' }, 'The input `familyName` must not have control characters.'],
    [{ picture: 'http://example.com/a.jpg' }, 'The input `picture` must be an https URL.'],
    [{ picture: 'javascript:alert(1)' }, 'The input `picture` must be an https URL.'],
    [{ website: 'example.com' }, 'The input `website` must be an https URL.'],
    [{ email: 'ada' }, 'The input `email` must be an e-mail address.'],
    [{ email: 'a b@example.com' }, 'The input `email` must be an e-mail address.'],
    [
      { phoneNumber: '0351210000000', email: '@' },
      'The input `email` must be an e-mail address. The input `phoneNumber` must be a phone number in the form of E.164, such as +351210000000.',
    ],
  ])('%j is refused before the pool is asked', async (input, message) => {
    const ada = await api.as('ada@example.com');
    await ada.execute(ask);
    let answer: Awaited<ReturnType<Client['execute']>> | undefined;
    const { pool } = await api.count(async () => {
      answer = await change(ada, input);
    });
    expect(answer?.status).toBe(400);
    expect(answer?.errors?.[0]).toMatchObject({
      message,
      extensions: { code: 'BAD_USER_INPUT', reason: 'profile' },
    });
    expect(pool).toEqual({});
  });
});
