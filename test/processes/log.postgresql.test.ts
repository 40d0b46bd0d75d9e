import { closeSync, openSync } from 'node:fs';
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { on, Processes, type RunningServer, until } from '../support/process.js';
import { type PoolClient, poolClient } from './pool-client.js';

const processes = new Processes();
afterEach(() => processes.clear());

const NEWCOMER = {
  Username: 'zenobia-quill',
  Password: 'Correct-Horse-9!',
  email: 'zenobia.quill@mail.example.org',
  name: 'Zenobia Quillfeather',
};
const WRONG_PASSWORD = 'Wrong-Battery-7!';
/** What stands in the log for nobody: whole words only, as `Sam` is in `SameSite`. */
const PEOPLE = ['Ada', 'Okafor', 'Sam', 'Lindqvist', 'Uma', 'Sharma', 'Dan', 'Moreau'];

/** Signs people up and in, rightly and wrongly; answers with every secret that went over the wire. */
async function signIns(server: RunningServer, pool: PoolClient): Promise<string[]> {
  const { Username, Password, email, name } = NEWCOMER;
  await pool.cognito.send(
    new SignUpCommand({
      ClientId: pool.clientId,
      Username,
      Password,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'name', Value: name },
      ],
    }),
  );
  await server.says(`for ${email}`);
  const ConfirmationCode = /code (\d{6}) for zenobia/.exec(server.output())?.[1];
  await pool.cognito.send(
    new ConfirmSignUpCommand({ ClientId: pool.clientId, Username, ConfirmationCode }),
  );
  await expect(pool.signInWith(Username, WRONG_PASSWORD)).rejects.toThrow('Incorrect');
  await expect(pool.signIn('dan@example.com')).rejects.toThrow('disabled');
  const results = [
    await pool.signInWith(Username, Password),
    await pool.signInWith('ada@example.com', 'Lifeguard1!'),
  ];
  return results.flatMap(({ AccessToken = '', IdToken = '', RefreshToken = '' }) => [
    AccessToken,
    IdToken,
    RefreshToken,
  ]);
}

/** Good and bad requests that carry tokens and personal texts wherever they can. */
async function requests(server: RunningServer, tokens: readonly string[]): Promise<number[]> {
  const [access = '', id = '', refresh = '', ada = ''] = tokens;
  const { email, name } = NEWCOMER;
  const byId = 'query ($id: ID!) { user(id: $id) { id } }';
  const users = '{ users(first: 100) { nodes { profile { name picture } account { email } } } }';
  const disable = `mutation ($id: ID!, $reason: String!) {
    disableUser(input: { id: $id, reason: $reason }) { user { id } }
  }`;
  const { data } = await server.ask('{ me { id profile { name } account { email } } }', access);
  const answers = [
    await server.ask(users, ada),
    await server.ask(users, access),
    await server.ask('{ me { id } }', `${access}x`),
    await server.ask('{ me { id } }', id),
    await server.ask('{ me { id } }', refresh),
    await server.ask(byId, ada, { id: email }),
    await server.ask(byId, ada, { id: { [email]: name } }),
    await server.ask(`query { user(id: "${email}") { ${name.replace(' ', '_')} } }`, ada),
    await server.ask(`query Of_${name.replace(' ', '_')} {`, ada),
    await server.ask(disable, ada, { id: email, reason: name }),
    await server.ask(disable, ada, { id: data.me.id, reason: `${name} <${email}> left` }),
    await server.ask('{ me { id } }', access),
  ];
  const inAddress = await fetch(`${server.origin}/graphql?access_token=${ada}&email=${email}`);
  return [...answers, inAddress].map(({ status }) => status);
}

test('no token, password, address or name of a person is in the log of a whole run', async () => {
  const environment = { ...(await on(await processes.prepared())), LOG_LEVEL: 'debug' };
  const server = await processes.start(environment);
  await server.says('the pool was walked through');
  const pool = await poolClient(server.poolEndpoint);
  const tokens = await signIns(server, pool);
  pool.close();
  const statuses = await requests(server, tokens);
  expect(new Set(statuses)).toEqual(new Set([200, 400, 401, 403]));
  const { stdout, stderr } = await server.end();
  expect(stderr).toBe('');

  const lines = stdout.split('\n').filter((line) => !isMeantForThePerson(line));
  const log = lines.map((line) => JSON.stringify(JSON.parse(line))).join('\n');
  expect(log.match(/"msg":"request"/g)?.length).toBeGreaterThanOrEqual(statuses.length);
  const secrets = [
    // Header, claims and signature alone are secrets too; the header of all tokens is the same.
    ...tokens.flatMap((token) => token.split('.').filter((part) => part.length > 20)),
    NEWCOMER.Password,
    WRONG_PASSWORD,
    'Lifeguard1!',
    NEWCOMER.email,
    '@',
    ...NEWCOMER.name.split(' '),
    NEWCOMER.Username,
    'people.example.com',
  ];
  for (const secret of secrets) expect(log).not.toContain(secret);
  expect(log).not.toMatch(new RegExp(`\\b(?:${PEOPLE.join('|')})\\b`));
});

describe('a log that cannot be written costs neither answers nor the end', () => {
  async function begun(stdout: 'pipe' | number) {
    const PORT = String(await freePort());
    const environment = { ...(await on(await processes.prepared())), PORT, LOG_LEVEL: 'debug' };
    const server = processes.beginServer(environment, stdout);
    const answer = () => fetch(`http://127.0.0.1:${PORT}/readyz`).catch(() => undefined);
    await until(async () => ((await answer())?.ok ? true : undefined));
    return { server, answer };
  }

  async function expectToGoOnAndEnd({ server, answer }: Awaited<ReturnType<typeof begun>>) {
    for (let time = 0; time < 20; time++) expect((await answer())?.status).toBe(200);
    const { code, stderr } = await server.end('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }

  test('on a disk that is full', async () => {
    const full = openSync('/dev/full', 'w');
    await expectToGoOnAndEnd(await begun(full));
    closeSync(full);
  });

  test('where its reader has gone', async () => {
    const begunServer = await begun('pipe');
    begunServer.server.stopReading();
    await expectToGoOnAndEnd(begunServer);
  });
});

/** The welcome, whose lines are indented, and what the local pool would send by mail. */
function isMeantForThePerson(line: string): boolean {
  return line === '' || line.startsWith('  ') || /^code \d{6} for \S+$/.test(line);
}
