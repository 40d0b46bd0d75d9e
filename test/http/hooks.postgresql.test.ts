import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.js';
import { eventually, hook, WEBHOOK_SECRET } from '../support/hooks.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ environment: { WEBHOOK_SECRET, LIMIT_FAILED_TOKENS: '15' } });
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const ofUser = (Username: string) => ({ UserPoolId: api.poolId, Username });

const trigger = (userName: string | undefined, sub?: string) => ({
  triggerSource: 'PostAuthentication_Authentication',
  userPoolId: api.poolId,
  userName,
  request: { userAttributes: { sub } },
});

const cloudTrail = (sub: string, eventName = 'AdminUpdateUserAttributes') => ({
  source: 'aws.cognito-idp',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventName,
    requestParameters: { userPoolId: api.poolId, username: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    additionalEventData: { sub },
  },
});

interface Mirrored {
  readonly user_id: string;
  readonly name: string | null;
  readonly groups: string[] | null;
  readonly deleted: boolean;
}

async function mirroredOf(username: string): Promise<Mirrored | undefined> {
  const [row] = await api.server.app.orm.em.fork().execute<Mirrored[]>(
    `select identity.user_id, attributes->>'name' as name, groups, deleted_at is not null as deleted
     from identity left join pool_profile on identity_id = identity.id where username = ?`,
    [username],
  );
  return row;
}

async function subOf(username: string): Promise<string> {
  const { UserAttributes = [] } = await api.cognito.send(new AdminGetUserCommand(ofUser(username)));
  return UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? '';
}

const rename = (username: string, name: string) =>
  api.cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...ofUser(username),
      UserAttributes: [{ Name: 'name', Value: name }],
    }),
  );

const named = (username: string, name: string) =>
  eventually(async () => (await mirroredOf(username))?.name === name);

describe('a hint', () => {
  test('by name or by subject has the account read at the pool, with its groups', async () => {
    await rename('mei.chen', 'Mei by Name');
    await rename('mei.gupta', 'Mei by Subject');
    await api.cognito.send(
      new AdminAddUserToGroupCommand({ ...ofUser('mei.gupta'), GroupName: 'support' }),
    );
    const { status, body } = await hook(api, [
      trigger('mei.chen'),
      cloudTrail(await subOf('mei.gupta')),
    ]);
    expect(status).toBe(202);
    expect(body).toEqual({ accepted: 2, ignored: 0, repeated: false });
    expect(await named('mei.chen', 'Mei by Name')).toBe(true);
    expect(await named('mei.gupta', 'Mei by Subject')).toBe(true);
    expect(
      await eventually(async () => (await mirroredOf('mei.gupta'))?.groups?.includes('support')),
    ).toBe(true);
  });

  test('is never believed: what it says of the account is not looked at', async () => {
    const event = trigger('mei.dubois');
    const lie = { ...event, request: { userAttributes: { name: 'Made Up', email: 'x@y.zz' } } };
    await rename('mei.dubois', 'Mei Truly');
    await hook(api, lie);
    expect(await named('mei.dubois', 'Mei Truly')).toBe(true);
  });

  test('makes one or two reads, however many come for one account', async () => {
    const sub = await subOf('liam.chen');
    await rename('liam.chen', 'Liam in a Burst');
    const { pool } = await api.count(async () => {
      for (let burst = 0; burst < 5; burst++)
        await hook(
          api,
          Array.from({ length: 20 }, () => cloudTrail(sub)),
        );
      expect(await named('liam.chen', 'Liam in a Burst')).toBe(true);
      await sleep(1_500);
    });
    expect(pool.AdminGetUser).toBeLessThanOrEqual(2);
  });

  test.each([
    ['name', (sub: string) => trigger(`new.name`, sub)],
    ['subject', (sub: string) => cloudTrail(sub, 'AdminCreateUser')],
  ])('of an unknown account by %s takes it in', async (kind, event) => {
    const username = `new.${kind}`;
    await api.cognito.send(
      new AdminCreateUserCommand({
        ...ofUser(username),
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'name', Value: 'Newly Made' }],
      }),
    );
    expect(await mirroredOf(username)).toBeUndefined();
    await hook(api, event(await subOf(username)));
    expect(await named(username, 'Newly Made')).toBe(true);
    expect(await eventually(async () => (await mirroredOf(username))?.groups ?? undefined)).toEqual(
      [],
    );
  });

  test('of an account that is gone has it forgotten', async () => {
    const sub = await subOf('liam.gupta');
    await api.cognito.send(new AdminDeleteUserCommand(ofUser('liam.gupta')));
    await hook(api, cloudTrail(sub, 'AdminDeleteUser'));
    expect(await eventually(async () => (await mirroredOf('liam.gupta'))?.deleted)).toBe(true);
  });

  test('of nobody ends without a trace', async () => {
    const { body } = await hook(api, [trigger('no.body'), cloudTrail('0f1e2d3c-0000')]);
    expect(body.accepted).toBe(2);
    expect(await noJobs()).toBe(true);
    expect(await mirroredOf('no.body')).toBeUndefined();
  });

  test('that comes while the pool is down is followed once it is back', async () => {
    await rename('grace.chen', 'Grace after the Outage');
    api.localPool.faults.set({ operations: [{ match: '*', fault: 'error' }], jwks: 'ok' });
    await hook(api, trigger('grace.chen'));
    expect(
      await eventually(async () => {
        const rows = await api.server.app.orm.em
          .fork()
          .execute("select 1 from job where kind = 'refresh-account' and failure is not null");
        return rows.length > 0;
      }),
    ).toBe(true);
    api.localPool.faults.clear();
    expect(await named('grace.chen', 'Grace after the Outage')).toBe(true);
  });
});

const noJobs = () =>
  eventually(async () => {
    const rows = await api.server.app.orm.em
      .fork()
      .execute("select 1 from job where kind = 'refresh-account'");
    return rows.length === 0;
  });

describe('a message', () => {
  test('tells how many events were ignored', async () => {
    const { body } = await hook(api, [
      trigger('uma'),
      { ...trigger('uma'), userPoolId: 'eu-west-1_Unknown00' },
      cloudTrail('0f1e2d3c-0000', 'AdminGetUser'),
      { some: 'thing' },
      null,
      7,
    ]);
    expect(body).toEqual({ accepted: 1, ignored: 5, repeated: false });
  });

  test('that was taken before is taken again without work', async () => {
    expect(await noJobs()).toBe(true);
    const message = { id: 'msg_once' };
    expect((await hook(api, trigger('uma'), message)).body.repeated).toBe(false);
    expect(await noJobs()).toBe(true);
    const { pool } = await api.count(async () => {
      const again = await hook(api, trigger('uma'), message);
      expect(again).toMatchObject({
        status: 202,
        body: { accepted: 0, ignored: 0, repeated: true },
      });
      await sleep(1_500);
    });
    expect(pool).toEqual({});
  });

  test('is forgotten when its signature counts no more', async () => {
    const execute = (sql: string) => api.server.app.orm.em.fork().execute(sql);
    await execute("update webhook_message set created_at = now() - interval '16 minutes'");
    await hook(api, []);
    expect(await execute('select message_id from webhook_message')).toHaveLength(1);
  });

  test.each([
    ['no JSON', '{"a":'],
    ['nothing', ''],
    ['a text', '"uma"'],
    ['null', 'null'],
    ['too many events', JSON.stringify(Array(101).fill({}))],
  ])('that is signed but has %s is 400', async (_what, body) => {
    const answer = await hook(api, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].extensions.reason).toBe('body');
  });

  test('that is too large is 413', async () => {
    expect((await hook(api, `["${'x'.repeat(66_000)}"]`)).status).toBe(413);
  });

  test('of any content type is read by its bytes', async () => {
    const answer = await hook(api, [], { headers: { 'content-type': 'text/plain' } });
    expect(answer.status).toBe(202);
  });
});

describe('a stranger', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const shown = ({ status, body }: Awaited<ReturnType<typeof hook>>) => {
    const { requestId, ...extensions } = body.errors[0].extensions;
    return { status, extensions };
  };

  test('gets one and the same answer', async () => {
    const answers = [
      await hook(api, trigger('uma'), { secret: `whsec_${'A'.repeat(32)}` }),
      await hook(api, trigger('uma'), { timestamp: now() - 400 }),
      await hook(api, trigger('uma'), { timestamp: now() + 400 }),
      await hook(api, '{', { headers: { 'webhook-signature': '' } }),
      await hook(api, '', { headers: { 'webhook-id': '' } }),
    ].map(shown);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      extensions: { code: 'UNAUTHENTICATED', reason: 'signature' },
    });
  });

  test('is told to stop after many tries, which stops no genuine message', async () => {
    const wrong = { secret: `whsec_${'A'.repeat(32)}` };
    for (let tries = 0; tries < 15; tries++) await hook(api, [], wrong);
    const refused = await hook(api, [], wrong);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await hook(api, [])).status).toBe(202);
  });

  test('finds no other method there', async () => {
    const answer = await api.server.http.inject({
      method: 'GET',
      url: '/hooks/pool',
      headers: { host: '127.0.0.1' },
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('POST');
  });
});
