import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { emptyDatabase, onPostgres, type TestDatabase, testDatabase } from './support/database.js';
import { administer } from './support/postgres.js';
import { freePort, type ServerProcess, startProcess } from './support/server-process.js';

const cli = fileURLToPath(new URL('../src/cli/lifeguard.js', import.meta.url));

let localPoolPort: string;
let cognito: CognitoIdentityProviderClient;

beforeAll(async () => {
  localPoolPort = String(await freePort());
  cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${localPoolPort}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(() => cognito.destroy());

function environmentOf({ location }: TestDatabase): Record<string, string> {
  const database: Record<string, string> =
    'url' in location ? { DATABASE_URL: location.url } : { DATA_DIR: dirname(location.folder) };
  return { ...database, LOCAL_POOL_PORT: localPoolPort };
}

async function installation(): Promise<{ poolId: string; clientId: string }> {
  const response = await fetch(`http://127.0.0.1:${localPoolPort}/local-pool`);
  // The answer's shape is tested where the local pool is.
  return (await response.json()) as { poolId: string; clientId: string };
}

async function signIn(USERNAME: string): Promise<string> {
  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: (await installation()).clientId,
      AuthParameters: { USERNAME, PASSWORD: 'Lifeguard1!' },
    }),
  );
  return AuthenticationResult?.AccessToken ?? '';
}

async function ask(server: ServerProcess, token: string, query: string, variables = {}) {
  const response = await fetch(server.url ?? '', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, data, errors };
}

const me = '{ me { id account { email } } }';

describe('a server', () => {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await testDatabase();
    server = await startProcess(environmentOf(database));
  });
  afterAll(async () => {
    await server.end('SIGKILL');
    await database.drop();
  });

  test('answers well until it is told to stop, then ends with 0 within 10 s', async () => {
    const token = await signIn('uma@example.com');
    let stopping = false;
    const statuses: number[] = [];
    const client = async () => {
      while (!stopping) statuses.push((await ask(server, token, me)).status);
    };
    // A request that is sent while the server stops may find nobody there.
    const clients = Array.from({ length: 20 }, () => client().catch(() => undefined));
    while (statuses.length < 40) await sleep(10);
    stopping = true;
    const began = Date.now();
    expect(await server.end()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    await Promise.all(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await expect(fetch(server.url ?? '')).rejects.toThrow('fetch failed');
  });

  test('finds everything again when it starts anew, after kill -9 too', async () => {
    server = await startProcess(environmentOf(database));
    const token = await signIn('uma@example.com');
    const ada = await signIn('ada@example.com');
    const before = await ask(server, token, me);
    const disable = `mutation ($id: ID!) {
      disableUser(input: { id: $id, reason: "test" }) { user { id } }
    }`;
    const { status } = await ask(server, ada, disable, { id: before.data.me.id });
    expect(status).toBe(200);
    await server.end('SIGKILL');
    server = await startProcess(environmentOf(database));
    expect(server.url).toBeDefined();
    expect((await ask(server, token, me)).status).toBe(401);
    expect((await ask(server, ada, me)).data.me.account.email).toBe('ada@example.com');
  });

  test('prints tokens of seeded people, and says what is wrong otherwise', async () => {
    const env = { PATH: process.env.PATH, ...environmentOf(database) };
    const run = (email: string) =>
      promisify(execFile)(process.execPath, [cli, 'token', email], { env });
    const { stdout } = await run('sam@example.com');
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await ask(server, stdout.trim(), me)).status).toBe(200);
    await expect(run('dan@example.com')).rejects.toMatchObject({ stderr: 'User is disabled.\n' });
  });

  test('logs no token, password, address or name', async () => {
    const token = await signIn('ada@example.com');
    await ask(server, `${token}x`, me);
    await ask(server, token, 'query ($n: ID!) { user(id: $n) { id } }', { n: 'ada@example.com' });
    await ask(server, token, '{ users(first: 5) { nodes { profile { name } } } }');
    const lines = server.output().split('\n');
    const log = lines.filter((line) => line.startsWith('{')).join('\n');
    expect(log).toContain('"status":401');
    for (const secret of [token.slice(0, 40), 'Lifeguard1!', '@example.com', 'Okafor'])
      expect(log).not.toContain(secret);
  });
});

function embeddedDatabase(): void {
  test('is held by one process; a second is told which, and what to do', async () => {
    const database = await testDatabase();
    const environment = environmentOf(database);
    const first = await startProcess(environment);
    const second = await startProcess({ ...environment, LOCAL_POOL_PORT: '0' });
    expect(second.url).toBeUndefined();
    expect(second.child.exitCode).toBe(1);
    expect(second.output()).toContain(`is held by the process ${first.child.pid}.`);
    expect(second.output()).toContain('set DATA_DIR to another folder');
    expect(second.output()).not.toContain('    at ');
    const env = { PATH: process.env.PATH, ...environment };
    await expect(
      promisify(execFile)(process.execPath, [cli, 'migrate'], { env }),
    ).rejects.toMatchObject({
      stderr: expect.stringContaining(`is held by the process ${first.child.pid}.`),
    });
    await first.end();
    await database.drop();
  });
}

function twoServers(): void {
  let database: TestDatabase;
  let servers: ServerProcess[];

  beforeAll(async () => {
    database = await emptyDatabase();
    const environment = environmentOf(database);
    servers = await Promise.all([startProcess(environment), startProcess(environment)]);
  });
  afterAll(async () => {
    for (const server of servers) await server.end();
    await database.drop();
  });

  test('start at once on an empty database, and both come up', () => {
    expect(servers.map(({ url }) => url !== undefined)).toEqual([true, true]);
  });

  test.each([1, 2, 3])(
    'make one user of a new subject whose first 100 requests reach both at once (%i)',
    async (round) => {
      const { poolId } = await installation();
      const ofUser = { UserPoolId: poolId, Username: `newcomer-${round}` };
      await cognito.send(new AdminCreateUserCommand({ ...ofUser, MessageAction: 'SUPPRESS' }));
      await cognito.send(
        new AdminSetUserPasswordCommand({ ...ofUser, Password: 'Lifeguard1!', Permanent: true }),
      );
      const token = await signIn(ofUser.Username);
      const answers = await Promise.all(
        Array.from({ length: 50 }).flatMap(() => servers.map((server) => ask(server, token, me))),
      );
      expect(answers).toHaveLength(100);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ data }) => data.me.id)).size).toBe(1);
      for (const server of servers) expect(server.output()).not.toContain('"level":"error"');
    },
  );

  test('refuse a token that the other one has ended', async () => {
    const [first, second] = servers;
    if (!first || !second) throw new Error('There are two.');
    const uma = await signIn('uma@example.com');
    const { data } = await ask(second, uma, me);
    const disable = `mutation ($id: ID!) {
      disableUser(input: { id: $id, reason: "test" }) { user { id } }
    }`;
    await ask(first, await signIn('ada@example.com'), disable, { id: data.me.id });
    expect((await ask(second, uma, me)).status).toBe(401);
  });

  test('answer 503 while the database is gone, and say so to probes', async () => {
    const [server] = servers;
    const token = await signIn('sam@example.com');
    if (!server?.url || !('url' in database.location)) throw new Error('There is one.');
    const name = new URL(database.location.url).pathname.slice(1);
    await administer(process.env.TEST_DATABASE_URL ?? '', `drop database ${name} with (force)`);
    const { status, headers, errors } = await ask(server, token, me);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).not.toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(JSON.stringify(errors)).not.toContain(name);
    const origin = new URL(server.url).origin;
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);
  });
}

if (onPostgres) describe('two servers on one PostgreSQL', twoServers);
else describe('the embedded database', embeddedDatabase);

test.each([
  [
    'faults of the environment',
    { PORT: 'http', LOG_LEVEL: 'loud' },
    ['PORT must', 'LOG_LEVEL must'],
  ],
])('%s are told at once, without a stack', async (_case, environment, parts) => {
  const server = await startProcess(environment);
  expect(server.url).toBeUndefined();
  expect(server.child.exitCode).toBe(1);
  for (const part of parts) expect(server.output()).toContain(part);
  expect(server.output()).not.toContain('    at ');
});
