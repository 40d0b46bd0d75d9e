import { setTimeout as sleep } from 'node:timers/promises';
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { User } from '../../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
});
afterAll(() => api.close());

const disable = /* GraphQL */ `mutation ($input: DisableUserInput!) {
  disableUser(input: $input) { user { id account { enabled } } }
}`;
const enable = /* GraphQL */ `mutation ($input: EnableUserInput!) {
  enableUser(input: $input) { user { id account { enabled } } }
}`;

async function idOf(client: Client): Promise<string> {
  const { data } = await client.execute('{ me { id } }');
  return data.me.id;
}

async function eventsOf(targetId: string) {
  const { data } = await ada.execute(
    /* GraphQL */ `query ($targetId: ID!) {
      auditLog(filter: { targetId: $targetId }) {
        nodes { actionId action outcome code reason requestId actorClientId actor { id } target { id } }
      }
    }`,
    { targetId },
  );
  return data.auditLog.nodes;
}

describe('disableUser', () => {
  test('ends tokens at once and sign-in too; enableUser lets the person sign in anew', async () => {
    const uma = await api.as('uma@example.com');
    const id = await idOf(uma);

    const disabled = await ada.execute(disable, { input: { id, reason: 'left the company' } });
    expect(disabled.errors).toBeUndefined();
    expect(disabled.data.disableUser.user).toEqual({ id, account: { enabled: false } });

    const refused = await uma.execute('{ me { id } }');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await expect(api.signIn('uma@example.com')).rejects.toThrow('User is disabled.');
    const atPool = await api.cognito.send(
      new AdminGetUserCommand({ UserPoolId: api.poolId, Username: 'uma' }),
    );
    expect(atPool.Enabled).toBe(false);
    const { refusedBefore } = await everybody().findOneOrFail(User, { id });
    expect(refusedBefore).toBeInstanceOf(Date);

    const enabled = await ada.execute(enable, { input: { id, reason: 'came back' } });
    expect(enabled.errors).toBeUndefined();
    expect(enabled.data.enableUser.user).toEqual({ id, account: { enabled: true } });
    expect((await uma.execute('{ me { id } }')).status).toBe(401);

    // Claims are whole seconds: a sign-in within the same second could be the older one.
    await sleep(1_100);
    const again = await api.as('uma@example.com');
    expect(await idOf(again)).toBe(id);
  });

  test('leaves a trail of intent and outcome, with who, why and by which request', async () => {
    const sam = await api.as('sam@example.com');
    const id = await idOf(sam);
    await ada.execute(disable, { input: { id, reason: ' on leave ' } });
    await ada.execute(enable, { input: { id, reason: 'back' } });
    const events = await eventsOf(id);
    expect(events).toMatchObject([
      { action: 'enableUser', outcome: 'DONE', reason: null },
      { action: 'enableUser', outcome: 'INTENT', reason: 'back' },
      { action: 'disableUser', outcome: 'DONE', reason: null },
      { action: 'disableUser', outcome: 'INTENT', reason: 'on leave' },
    ]);
    expect(events[0].actionId).toBe(events[1].actionId);
    expect(events[0].actionId).not.toBe(events[2].actionId);
    const actor = { id: await idOf(ada) };
    for (const event of events) {
      expect(event).toMatchObject({ actor, target: { id }, actorClientId: api.clientId });
    }
  });

  test('the trail can be neither changed nor shortened', async () => {
    const em = api.server.app.orm.em.fork();
    await expect(em.execute('update audit_event set action = ?', ['x'])).rejects.toThrow(
      'insert-only',
    );
    await expect(em.execute('delete from audit_event')).rejects.toThrow('insert-only');
  });

  test.each([
    ['an unknown user', { id: '0192f0c1-0000-7000-8000-000000000000' }, 200, 'NOT_FOUND', 'user'],
    ['an id that is none', { id: 'ada' }, 400, 'BAD_USER_INPUT', 'uuid'],
    ['no reason', { reason: ' ' }, 400, 'BAD_USER_INPUT', 'reason'],
    ['too long a reason', { reason: 'x'.repeat(501) }, 400, 'BAD_USER_INPUT', 'reason'],
  ])('refuses %s with a clear error', async (_fault, input, status, code, reason) => {
    const { data } = await ada.execute('{ users(last: 1) { nodes { id } } }');
    const [{ id }] = data.users.nodes;
    const answer = await ada.execute(disable, { input: { id, reason: 'why', ...input } });
    expect(answer.status).toBe(status);
    expect(answer.errors).toMatchObject([
      { extensions: { code, reason, hint: expect.any(String), requestId: expect.any(String) } },
    ]);
  });

  test('nobody disables themselves', async () => {
    const id = await idOf(ada);
    const { status, errors } = await ada.execute(disable, { input: { id, reason: 'oops' } });
    expect(status).toBe(403);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', reason: 'self' } }]);
    expect(await idOf(ada)).toBe(id);
  });

  test.each([
    ['an anonymous viewer', null, 401, 'UNAUTHENTICATED'],
    ['a person without a role', 'grace.chen@example.com', 403, 'FORBIDDEN'],
    ['support', 'sam@example.com', 403, 'FORBIDDEN'],
  ])('refuses %s before anything is done', async (_viewer, email, status, code) => {
    await sleep(email === null ? 0 : 1_100);
    const client = email === null ? api.anonymous : await api.as(email);
    const id = await idOf(ada);
    const before = await eventsOf(id);
    const answer = await client.execute(disable, { input: { id, reason: 'coup' } });
    expect(answer.status).toBe(status);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
    // Strangers leave no trace; of everybody else the attempt alone is kept.
    const [attempt, ...rest] = email === null ? [undefined, ...before] : await eventsOf(id);
    expect(rest).toEqual(before);
    if (attempt !== undefined)
      expect(attempt).toMatchObject({ action: 'disableUser', outcome: 'REFUSED', code: 'role' });
    else expect(await eventsOf(id)).toEqual(before);
  });
});

test('attempts of one viewer are kept ten a minute', async () => {
  await sleep(1_100);
  const sam = await api.as('sam@example.com');
  const id = await idOf(sam);
  for (let attempt = 0; attempt < 15; attempt++)
    await sam.execute(disable, { input: { id, reason: 'again' } });
  const { data } = await ada.execute(
    'query ($id: ID!) { auditLog(first: 100, filter: { actorId: $id, outcome: REFUSED }) { nodes { id } } }',
    { id },
  );
  expect(data.auditLog.nodes).toHaveLength(10);
});

test('dan, who is disabled at the pool, cannot sign in', async () => {
  await expect(api.signIn('dan@example.com')).rejects.toThrow('User is disabled.');
});

describe('while the pool is down', () => {
  test('nothing is done that is not known of: the answer and the trail say so', async () => {
    const found = '{ users(filter: { username: "liam.chen" }) { nodes { id } } }';
    const { data } = await ada.execute(found);
    const [{ id }] = data.users.nodes;
    const before = await everybody().findOneOrFail(User, { id });
    await api.localPool.close();
    const outcomes: unknown[] = [];
    // Whoever had a connection cannot know what the pool has seen; who gets none knows that it is nothing.
    while (outcomes.at(-1) !== 'user_pool' && outcomes.length < 20) {
      const answer = await ada.execute(disable, { input: { id, reason: 'bad timing' } });
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toEqual(expect.any(String));
      const [error] = answer.errors ?? [];
      expect(error?.extensions?.code).toBe('UNAVAILABLE');
      outcomes.push(error?.extensions?.reason);
    }
    expect(outcomes.at(-1)).toBe('user_pool');
    expect((await eventsOf(id)).slice(0, 2)).toMatchObject([
      { outcome: 'FAILED', code: 'UNAVAILABLE' },
      { outcome: 'INTENT', reason: 'bad timing' },
    ]);
    const user = await everybody().findOneOrFail(User, { id });
    expect(user.refusedBefore).toEqual(before.refusedBefore);
  });
});

function everybody() {
  return withoutRowRules(api.server.app.orm.em, 'a test looks at what was done');
}
