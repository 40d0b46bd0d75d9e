import { existsSync } from 'node:fs';
import { Agent, type ClientRequest, request } from 'node:http';
import { createConnection } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { onPostgres } from '../support/database.js';
import { on, Processes, type RunningServer, until } from '../support/process.js';
import { type Outcome, startLoad } from './client-load.js';
import { poolClient } from './pool-client.js';

const processes = new Processes();
afterEach(() => processes.clear());

const QUERY = '{ me { id profile { name } account { email } } }';
const BODY = JSON.stringify({ query: QUERY });

interface Answered {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** A request whose body is still to be sent; `received` once the server has read its headers. */
function openRequest(server: RunningServer, token: string, agent: Agent) {
  const sent: ClientRequest = request(`${server.origin}/graphql`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(BODY),
      // The server answers 100 as soon as the request is under way (RFC 9110, section 10.1.1).
      expect: '100-continue',
    },
  });
  const received = new Promise<void>((resolve) => sent.once('continue', resolve));
  const answered = new Promise<Answered>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response) => {
      const { statusCode: status, headers } = response;
      const chunks = await response.setEncoding('utf8').toArray();
      resolve({ status, connection: headers.connection, body: chunks.join('') });
    });
  });
  sent.flushHeaders();
  return { received, answered, isReused: () => sent.reusedSocket, send: () => sent.end(BODY) };
}

function isRefused({ origin }: RunningServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(Number(new URL(origin).port), '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });
}

/** Either signal does the same, whatever the database is, and each of several processes has to do the same. */
const SCENES = onPostgres
  ? ([
      ['SIGTERM', 1],
      ['SIGINT', 2],
    ] as const)
  : ([['SIGTERM', 1]] as const);

test.each(SCENES)(
  'after %s under load no request of %i processes breaks, nobody new is let in, and they end well',
  async (signal, workers) => {
    const server = await processes.start({
      ...(await on(await processes.prepared())),
      ...(workers > 1 && { WEB_CONCURRENCY: String(workers) }),
    });
    const pool = await poolClient(server.poolEndpoint);
    const token = await pool.signIn('uma@example.com');
    pool.close();
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const round = () => Array.from({ length: 20 }, () => openRequest(server, token, agent));
    const warming = round();
    for (const { send } of warming) send();
    for (const { status } of await Promise.all(warming.map(({ answered }) => answered)))
      expect(status).toBe(200);

    const requests = round();
    await Promise.all(requests.map(({ received }) => received));
    expect(requests.filter(({ isReused }) => isReused())).toHaveLength(20);
    // Clients that keep their connections, and know of no shutdown.
    const load = startLoad(server, { query: QUERY, token, clients: 8 });
    await load.until(({ status }) => status === 200, 20);
    const began = Date.now();
    const ended = server.end(signal);
    await until(async () => (await isRefused(server)) || undefined);
    for (const { send } of requests) send();
    const answers = await Promise.all(requests.map(({ answered }) => answered));
    for (const { status, connection, body } of answers) {
      expect([status, connection]).toEqual([200, 'close']);
      expect(JSON.parse(body).data.me.account.email).toBe('uma@example.com');
    }
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(Date.now() - began).toBeLessThan(10_000);
    await load.stop();
    const broken = load.outcomes.filter(({ status }) => status !== 200);
    // A new connection that waits for a busy process ends unread as the port closes: it is reset, or hung up
    // where its request is still on its way.
    const isTurnedAway = ({ text, isReused }: Outcome) =>
      text.includes('ECONNREFUSED') ||
      (!isReused && (text.includes('ECONNRESET') || text.includes('socket hang up')));
    expect(broken.filter((outcome) => !isTurnedAway(outcome))).toEqual([]);
    expect(broken.some(isTurnedAway)).toBe(true);
    agent.destroy();
  },
);

if (!onPostgres)
  test('a signal during the start ends the process well, and lets go of the folder', async () => {
    const environment = await on(await processes.prepared());
    const lock = `${environment.DATA_DIR}/database.lock`;
    const server = processes.beginServer(environment);
    await until(() => existsSync(lock) || undefined);
    const { code, stdout, stderr } = await server.end('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('answers at');
    expect(existsSync(lock)).toBe(false);
  });
