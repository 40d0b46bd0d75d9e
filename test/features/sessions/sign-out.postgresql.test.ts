import { setTimeout as sleep } from 'node:timers/promises';
import {
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sightingsOf } from '../../../src/directory/index.js';
import { AuditActorKind } from '../../../src/features/audit-log/audit-event.entity.js';
import { Command } from '../../../src/features/back-office/command.entity.js';
import { COMMAND_JOB } from '../../../src/features/back-office/command-job-name.js';
import { SEEDED_PASSWORD } from '../../../src/local-pool/index.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';
import { poolToken } from '../../support/pool-token.js';

let api: TestApi;
let uma: Client;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
});
beforeEach(async () => {
  uma = await api.as('uma@example.com');
});
afterAll(() => api.close());

const ME = '{ me { id } }';
const SESSIONS =
  '{ viewer { sessions { id current clientId network userAgent firstSeenAt lastSeenAt endedAt } } }';
const SIGN_OUT = 'mutation { signOut { session { id current endedAt } } }';
const EVERYWHERE = 'mutation { signOutEverywhere { actionId user { id } } }';
const END =
  'mutation ($input: EndSessionInput!) { endSession(input: $input) { actionId session { id endedAt } } }';
const USER =
  'mutation ($input: SignOutUserInput!) { signOutUser(input: $input) { actionId user { id } } }';

interface Tokens {
  readonly client: Client;
  readonly refresh: () => Promise<Client>;
}

async function signInToRefresh(USERNAME: string): Promise<Tokens> {
  const begin = new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: api.clientId,
    AuthParameters: { USERNAME, PASSWORD: SEEDED_PASSWORD },
  });
  const { AuthenticationResult: tokens } = await api.cognito.send(begin);
  const refresh = async () => {
    const { AuthenticationResult: refreshed } = await api.cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: api.clientId,
        AuthParameters: { REFRESH_TOKEN: tokens?.RefreshToken ?? '' },
      }),
    );
    return api.withToken(refreshed?.AccessToken ?? '');
  };
  return { client: api.withToken(tokens?.AccessToken ?? ''), refresh };
}

async function idOf(client: Client): Promise<string> {
  return (await client.execute(ME)).data.me.id;
}

async function currentOf(client: Client): Promise<{ id: string; endedAt: string | null }> {
  const { data } = await client.execute(SESSIONS);
  return data.viewer.sessions.find(({ current }: { current: boolean }) => current);
}

async function expectRevoked(client: Client): Promise<void> {
  const { status, headers, errors } = await client.execute(ME);
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toContain('error="invalid_token"');
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'revoked' } }]);
}

async function trailOf(targetId: string) {
  const { data } = await ada.execute(
    'query ($targetId: ID!) { auditLog(filter: { targetId: $targetId }) { nodes { actionId action outcome code reason } } }',
    { targetId },
  );
  return data.auditLog.nodes;
}

/** Has the server go on at once with what a fault has left, which it does after 15 seconds, and waits for it. */
async function goneOnWith(targetId: string): Promise<void> {
  const em = api.server.app.orm.em.fork();
  await em.execute("update job set run_at = now() where kind = 'command'");
  while ((await trailOf(targetId))[0].outcome === 'INTENT') await sleep(100);
  // Nobody waited for the second to be over, in which sign-ins are refused too.
  await sleep(1_100);
}

describe('sessions', () => {
  test('are the sign-ins that were seen, the newest first, with where from but never the whole address', async () => {
    const second = await api.as('uma@example.com');
    await uma.execute(ME);
    const { data } = await second.execute(SESSIONS);
    const [first, ...others] = data.viewer.sessions;
    expect(first).toEqual({
      id: expect.any(String),
      current: true,
      clientId: api.clientId,
      network: '127.0.0.0/24',
      userAgent: expect.any(String),
      firstSeenAt: first.lastSeenAt,
      lastSeenAt: expect.any(String),
      endedAt: null,
    });
    expect(others.length).toBeGreaterThan(0);
    expect(others.every(({ current }: { current: boolean }) => !current)).toBe(true);
    expect(new Set(data.viewer.sessions.map(({ id }: { id: string }) => id)).size).toBe(
      others.length + 1,
    );
  });

  test('of others are for staff, one statement for a page of users', async () => {
    const id = await idOf(uma);
    const query = 'query ($id: ID!) { user(id: $id) { sessions { id } } }';
    expect((await ada.execute(query, { id })).data.user.sessions.length).toBeGreaterThan(0);
    const list = '{ users(first: 20) { nodes { id sessions { id } } } }';
    await ada.execute(list);
    const { sql } = await api.count(() => ada.execute(list));
    expect(sql).toHaveLength(2);
    const node = 'query ($id: ID!) { node(id: $id) { id ... on Session { clientId } } }';
    const { id: session } = await currentOf(ada);
    expect(await uma.execute(node, { id: session })).toMatchObject({ data: { node: null } });
    expect((await ada.execute(node, { id: session })).data.node.clientId).toBe(api.clientId);
  });

  test('beyond 50 are cut, which a warning says', async () => {
    const id = await idOf(ada);
    await api.server.app.orm.em.fork().execute(
      `insert into session (id, created_at, updated_at, user_id, identity_id, pool_id, origin_jti, client_id,
                            first_seen_at, last_seen_at)
       select gen_random_uuid(), now(), now(), user_id, id, pool_id, 'many-' || number, 'client', now(), 'epoch'
       from identity, generate_series(1, 60) as number where user_id = ?`,
      [id],
    );
    const { data, extensions } = await ada.execute(SESSIONS);
    expect(data.viewer.sessions).toHaveLength(50);
    expect(data.viewer.sessions[0].current).toBe(true);
    expect(extensions?.warnings).toMatchObject([{ code: 'SESSIONS_CUT' }]);
  });
});

describe('signOut', () => {
  test('ends this sign-in at its first request, with what is refreshed from it, and no other', async () => {
    const { client, refresh } = await signInToRefresh('uma@example.com');
    const { data } = await client.execute(SIGN_OUT);
    expect(data.signOut.session).toMatchObject({ current: true, endedAt: expect.any(String) });
    await expectRevoked(client);
    await expectRevoked(await refresh());
    expect((await uma.execute(ME)).status).toBe(200);
    const again = await api.as('uma@example.com');
    expect((await again.execute(ME)).status).toBe(200);
  });

  test('needs a token that tells of which sign-in it is', async () => {
    const own = await uma.execute('{ me { identities { subject username } } }');
    const [{ subject: sub, username }] = own.data.me.identities;
    const unnamed = api.withToken(await poolToken(api, { sub, username }));
    const { status, errors } = await unnamed.execute(SIGN_OUT);
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', reason: 'sign_in' } }]);
    const { data, extensions } = await unnamed.execute(SESSIONS);
    expect(data.viewer.sessions.some(({ current }: { current: boolean }) => current)).toBe(false);
    expect(extensions?.warnings).toMatchObject([{ code: 'SESSION_UNKNOWN' }]);
    await unnamed.execute(EVERYWHERE);
    await expectRevoked(unnamed);
  });

  test('is refused where the client has revocation off, with a way out', async () => {
    const settings = { UserPoolId: api.poolId, ClientId: api.clientId };
    await api.cognito.send(
      new UpdateUserPoolClientCommand({
        ...settings,
        EnableTokenRevocation: false,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    const { errors } = await (await api.as('uma@example.com')).execute(SIGN_OUT);
    expect(errors?.[0]?.extensions?.hint).toContain('EnableTokenRevocation');
    await api.cognito.send(
      new UpdateUserPoolClientCommand({
        ...settings,
        EnableTokenRevocation: true,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
  });
});

describe('signOutEverywhere', () => {
  test('ends every sign-in here and at the pool, and lets in whoever signs in after the answer', async () => {
    const { client, refresh } = await signInToRefresh('uma@example.com');
    const unseen = await api.as('uma@example.com');
    await client.execute(ME);
    const { errors } = await uma.execute(EVERYWHERE);
    expect(errors).toBeUndefined();
    const anew = await api.as('uma@example.com');
    expect((await anew.execute(ME)).status).toBe(200);
    for (const old of [uma, client, unseen]) await expectRevoked(old);
    await expect(refresh()).rejects.toThrow('revoked');
    const { data } = await anew.execute(SESSIONS);
    for (const { current, endedAt } of data.viewer.sessions) expect(endedAt === null).toBe(current);
  });

  test('that the pool may have done is gone on with, and ends here no later than there', async () => {
    const id = await idOf(uma);
    api.localPool.faults.set({
      operations: [{ match: 'AdminUserGlobalSignOut', fault: 'error', times: 1 }],
    });
    const { status, errors } = await uma.execute(EVERYWHERE);
    expect(status).toBe(503);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'under_way' } }]);
    expect((await uma.execute(ME)).status).toBe(200);
    await goneOnWith(id);
    await expectRevoked(uma);
  });

  test('that is gone on with later spares whoever has signed in since the pool did it', async () => {
    const id = await idOf(uma);
    const em = api.server.app.orm.em.fork();
    await sightingsOf(api.server.app).flush();
    const { id: command } = em.create(Command, {
      action: 'signOutEverywhere',
      state: 'AT_POOL',
      aspect: `sign-ins ${id}`,
      actorKind: AuditActorKind.PERSON,
      actorId: id,
      targetId: id,
      input: {},
      inputHash: '',
      poolMoment: new Date(Date.now() - 10_000),
    });
    await em.flush();
    await api.server.app.jobs.add([
      { kind: COMMAND_JOB, key: command, payload: command, delay: 15_000 },
    ]);
    await goneOnWith(id);
    expect((await uma.execute(ME)).status).toBe(200);
    expect(await currentOf(uma)).toMatchObject({ endedAt: null });
  });

  test('leaves a trail without a reason', async () => {
    const id = await idOf(uma);
    const { data } = await uma.execute(EVERYWHERE);
    const [done, intent] = await trailOf(id);
    const { actionId } = data.signOutEverywhere;
    expect(done).toMatchObject({ actionId, action: 'signOutEverywhere', outcome: 'DONE' });
    expect(intent).toMatchObject({ actionId, outcome: 'INTENT', reason: null });
  });
});

describe('the pool has another clock', () => {
  test.each([30, -30])(
    'by %i seconds: old tokens are refused and new ones work at once',
    async (clockAhead) => {
      api.localPool.faults.set({ clockAhead });
      const old = await api.as('grace.chen@example.com');
      expect((await old.execute(EVERYWHERE)).errors).toBeUndefined();
      const anew = await api.as('grace.chen@example.com');
      expect((await anew.execute(ME)).status).toBe(200);
      await expectRevoked(old);
      const id = await idOf(anew);
      await ada.execute(USER, { input: { id, reason: 'lost phone' } });
      const third = await api.as('grace.chen@example.com');
      expect((await third.execute(ME)).status).toBe(200);
      await expectRevoked(anew);
      // By the machine's clock again, before what was refused by the other.
      await api.server.app.orm.em
        .fork()
        .execute('update app_user set refused_before = null where id = ?', [id]);
      api.localPool.faults.clear();
    },
  );
});

describe('endSession', () => {
  test("ends one's own other sign-in, without a reason and without a trail", async () => {
    const other = await api.as('uma@example.com');
    const { id } = await currentOf(other);
    const before = await trailOf(await idOf(uma));
    const { data } = await uma.execute(END, { input: { id } });
    expect(data.endSession.session).toEqual({ id, endedAt: expect.any(String) });
    await expectRevoked(other);
    expect((await uma.execute(ME)).status).toBe(200);
    expect(await trailOf(await idOf(uma))).toEqual(before);
  });

  test('once ended stays as it was ended', async () => {
    const other = await api.as('uma@example.com');
    const { id } = await currentOf(other);
    const first = await uma.execute(END, { input: { id } });
    expect((await uma.execute(END, { input: { id } })).data).toEqual(first.data);
  });

  test("ends anybody's for an admin, who says why", async () => {
    const { id } = await currentOf(uma);
    const whose = await idOf(uma);
    const { status, errors } = await ada.execute(END, { input: { id } });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'reason' } }]);
    const input = { id, reason: 'a lost phone', idempotencyKey: 'session-of-uma' };
    const ended = await ada.execute(END, { input });
    await expectRevoked(uma);
    const [done, intent] = await trailOf(whose);
    const { actionId } = ended.data.endSession;
    expect(done).toMatchObject({ actionId, action: 'endSession', outcome: 'DONE' });
    expect((await ada.execute(END, { input })).data).toEqual(ended.data);
    expect((await trailOf(whose))[0]).toEqual(done);
    expect(intent).toMatchObject({ outcome: 'INTENT', reason: 'a lost phone' });
  });

  test.each([
    ['another person', 'uma@example.com'],
    ['support', 'sam@example.com'],
  ])('is not there for %s', async (_who, email) => {
    const { id } = await currentOf(ada);
    const { errors } = await (await api.as(email)).execute(END, { input: { id, reason: 'coup' } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', reason: 'session' } }]);
    expect((await ada.execute(ME)).status).toBe(200);
    const [attempt] = await trailOf(await idOf(ada));
    expect(attempt).toMatchObject({ action: 'endSession', outcome: 'REFUSED', code: 'role' });
  });
});

describe('signOutUser', () => {
  test('ends every sign-in of a user and leaves a trail', async () => {
    const id = await idOf(uma);
    const { data } = await ada.execute(USER, { input: { id, reason: 'left the company' } });
    expect(data.signOutUser).toEqual({ actionId: expect.any(String), user: { id } });
    await expectRevoked(uma);
    const [done, intent] = await trailOf(id);
    expect(done).toMatchObject({ action: 'signOutUser', outcome: 'DONE' });
    expect(intent).toMatchObject({ outcome: 'INTENT', reason: 'left the company' });
    expect((await (await api.as('uma@example.com')).execute(ME)).status).toBe(200);
  });

  test('that the pool may have done is gone on with, and its key gets the answer', async () => {
    const id = await idOf(uma);
    api.localPool.faults.set({
      operations: [{ match: 'AdminUserGlobalSignOut', fault: 'error', times: 1 }],
    });
    const input = { id, reason: 'bad timing', idempotencyKey: 'sign-out-of-uma' };
    const { status, errors } = await ada.execute(USER, { input });
    expect(status).toBe(503);
    expect(errors).toMatchObject([{ extensions: { reason: 'under_way' } }]);
    expect((await uma.execute(ME)).status).toBe(200);
    await goneOnWith(id);
    await expectRevoked(uma);
    const before = await trailOf(id);
    const again = await ada.execute(USER, { input });
    expect(again.data.signOutUser).toEqual({ actionId: before[0].actionId, user: { id } });
    expect(await trailOf(id)).toEqual(before);
  });

  test.each([
    ['an unknown user', { id: '0192f0c1-0000-7000-8000-000000000000' }, 'NOT_FOUND'],
    ['no reason', { reason: ' ' }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_fault, input, code) => {
    const id = await idOf(uma);
    const { errors } = await ada.execute(USER, { input: { id, reason: 'why', ...input } });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});
