import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPool, type TestPool } from '../local-pool/test-pool.js';
import { topics } from './checks/index.js';
import { type Answer, type Lie, startFalsePool } from './false-pool.js';
import { PoolUnderTest } from './pool-under-test.js';
import { reportOf } from './report.js';
import { runChecks } from './run-checks.js';
import { endpointTarget } from './target.js';

let testPool: TestPool;
let close: (() => Promise<void>) | undefined;
beforeAll(async () => {
  testPool = await startTestPool();
});
afterEach(async () => {
  await close?.();
  close = undefined;
});
afterAll(() => testPool.close());

/** The differences that checks of a topic, all or some, find in an implementation that lies so. */
async function differences(topic: string, lie: Lie, some = /^/): Promise<string[]> {
  const falsePool = await startFalsePool(testPool.localPool.endpoint, lie);
  close = falsePool.close;
  const { endpoint } = falsePool;
  const target = await endpointTarget(endpoint, { issuer: testPool.localPool.endpoint });
  const chosen = topics
    .filter(({ name }) => name === topic)
    .map(({ name, checks }) => ({ name, checks: checks.filter((one) => some.test(one.name)) }));
  const found: string[] = [];
  const pool = new PoolUnderTest(target);
  for await (const result of runChecks(chosen, pool))
    if (result.outcome.kind === 'different') found.push(reportOf(result));
  await pool.dispose();
  target.cognito.destroy();
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The answer with a member of it replaced. */
function withMember({ status, body }: Answer, name: string, value: unknown): Answer {
  return { status, body: { ...(isObject(body) ? body : {}), [name]: value } };
}

/** The answer with a claim taken from its access token. */
function withoutClaim(answer: Answer, claim: string): Answer {
  const { AuthenticationResult: result } = isObject(answer.body) ? answer.body : {};
  if (!isObject(result)) return answer;
  const [header, payload = '', signature] = String(result.AccessToken).split('.');
  const { [claim]: _taken, ...claims } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const rest = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const AccessToken = `${header}.${rest}.${signature}`;
  return withMember(answer, 'AuthenticationResult', { ...result, AccessToken });
}

describe('the suite', () => {
  test.each(['sign-in by password', 'groups', 'tokens', 'signing out'])(
    'finds nothing in a truthful implementation: %s',
    async (topic) => {
      expect(await differences(topic, () => undefined)).toEqual([]);
    },
  );

  test('finds a wrong name of an error', async () => {
    const found = await differences('sign-in by password', async ({ operation, truth }) => {
      if (operation !== 'InitiateAuth') return undefined;
      const { status, body } = await truth();
      const type = isObject(body) ? body.__type : undefined;
      if (type !== 'NotAuthorizedException') return { status, body };
      return { status, body: { __type: 'UserNotFoundException', message: 'Nobody.' } };
    });
    expect(found[0]).toBe(
      [
        'DIFFERENT  sign-in by password: a wrong password is a NotAuthorizedException',
        '           InitiateAuth',
        '           expected  NotAuthorizedException',
        '           got       UserNotFoundException: Nobody.',
        '           source    InitiateAuth (API reference): https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html',
      ].join('\n'),
    );
    expect(found.length).toBeGreaterThan(5);
  });

  test('finds a list whose pages do not end', async () => {
    const found = await differences(
      'groups',
      ({ operation }) =>
        operation === 'ListGroups'
          ? { status: 200, body: { Groups: [], NextToken: 'again' } }
          : undefined,
      /pages/,
    );
    expect(found).toEqual([
      expect.stringMatching(
        /a list of groups comes in pages.*\n.*ListGroups\n.*expected {2}pages that end/,
      ),
    ]);
  });

  test.each(['origin_jti', 'event_id', 'username', 'client_id', 'iss', 'scope', 'auth_time'])(
    'finds that an access token lacks %s',
    async (claim) => {
      const found = await differences(
        'tokens',
        async ({ operation, truth }) =>
          operation === 'InitiateAuth' ? withoutClaim(await truth(), claim) : undefined,
        /^(an access token|the times|signing in|both tokens)/,
      );
      expect(found.join('\n')).toMatch(
        new RegExp(`${claim}.*\\n.*expected.*\\n.*got {7}undefined`),
      );
      // The signature is of other claims.
      expect(found.join('\n')).toContain('both tokens verify by the published keys');
    },
  );

  test.each(['GlobalSignOut', 'AdminUserGlobalSignOut', 'RevokeToken', 'AdminDisableUser'])(
    'finds that %s has no effect',
    async (operation) => {
      const found = await differences(
        'signing out',
        (call) => (call.operation === operation ? { status: 200, body: {} } : undefined),
        /ends/,
      );
      expect(found.join('\n')).toMatch(/expected {2}NotAuthorizedException\n.*got {7}an answer: {/);
    },
  );

  test('finds a password that is not looked at', async () => {
    const found = await differences('sign-in by password', async ({ operation, input, truth }) => {
      const answer = await truth();
      const wrong = JSON.stringify(input).includes('Not-the-1-password');
      if (operation !== 'InitiateAuth' || !wrong) return answer;
      return { status: 200, body: { AuthenticationResult: { AccessToken: 'x' } } };
    });
    expect(found.join('\n')).toContain('a wrong password is a NotAuthorizedException');
  });

  test('finds an implementation that is not there', async () => {
    const found = await differences('groups', () => ({ status: 502, body: 'Bad Gateway' }));
    expect(found).toHaveLength(topics.find(({ name }) => name === 'groups')?.checks.length ?? 0);
  });
});

async function command(parameters: readonly string[], environment: Record<string, string> = {}) {
  const main = fileURLToPath(new URL('main.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...parameters], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    timeout: 25_000,
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { out, err, code };
}

describe('the command', () => {
  test('ends with 0 where nothing differs', async () => {
    const { out, code } = await command(['--only', 'groups: ', '--all'], {
      CONFORMANCE_ENDPOINT: testPool.localPool.endpoint,
    });
    expect(out).toContain('same       groups: a name is given once');
    expect(out).toMatch(/in all +15 the same, 0 different, 0 skipped/);
    expect(code).toBe(0);
  });

  test('ends with 1 and tells the differences where there are any', async () => {
    const falsePool = await startFalsePool(testPool.localPool.endpoint, ({ operation }) =>
      operation === 'DeleteGroup' ? { status: 200, body: {} } : undefined,
    );
    close = falsePool.close;
    const { out, code } = await command(['--only', 'groups: '], {
      CONFORMANCE_ENDPOINT: falsePool.endpoint,
    });
    expect(out).toContain('DIFFERENT  groups: a deleted group is gone');
    expect(out).toMatch(/expected {2}ResourceNotFoundException\n +got {7}an answer/);
    expect(out).toMatch(/in all +13 the same, 2 different, 0 skipped/);
    expect(code).toBe(1);
  });

  test('skips and says so where nobody can read the codes', async () => {
    const falsePool = await startFalsePool(testPool.localPool.endpoint, ({ operation }) =>
      operation === '' ? { status: 404, body: {} } : undefined,
    );
    close = falsePool.close;
    const { out, code } = await command(['--only', 'forgotten password: ', '--all'], {
      CONFORMANCE_ENDPOINT: falsePool.endpoint,
    });
    expect(out).toContain('skipped    forgotten password: the code sets a new password');
    expect(code).toBe(0);
  });

  test('ends with 2 where nobody says what to check', async () => {
    const { err, code } = await command([]);
    expect(err).toContain('CONFORMANCE_ENDPOINT');
    expect(code).toBe(2);
  });

  test('lists the checks with their sources and explains itself', async () => {
    const [list, help] = await Promise.all([command(['--list']), command(['--help'])]);
    const count = topics.reduce((sum, { checks }) => sum + checks.length, 0);
    expect(list.out).toContain(`${count} checks`);
    expect(list.out.match(/: https:\/\/docs\.aws\.amazon\.com\//g)).toHaveLength(count);
    expect(help.out).toContain('CONFORMANCE_REGION');
    expect([list.code, help.code]).toEqual([0, 0]);
  });
});

test('there are 120 checks and more, each with a name of its own and a page of AWS', () => {
  const names = topics.flatMap(({ name, checks }) =>
    checks.map((check) => `${name}: ${check.name}`),
  );
  const urls = topics.flatMap(({ checks }) => checks.map(({ source }) => source.url));
  expect(names.length).toBeGreaterThanOrEqual(120);
  expect(new Set(names).size).toBe(names.length);
  for (const url of urls)
    expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/cognito[\w/-]+\.html$/);
});
