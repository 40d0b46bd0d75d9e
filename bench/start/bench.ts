import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poolClient } from '../../test/processes/pool-client.js';
import { freePort } from '../../test/support/free-port.js';
import { administer, databaseUrl, uniqueDatabaseName } from '../../test/support/postgres.js';
import { startPostgres } from '../../test/support/postgres-server.js';
import { Processes, type RunningServer } from '../../test/support/process.js';
import { type Subject, UsageError } from '../subject.js';
import { type StartResult, startReport } from './report.js';
import { BARE_SERVER, measureStart, type Start, type StartOptions } from './start.js';

/** From the process to the first answer to a signed-in viewer, on databases that are prepared and filled. */
export const start: Subject = {
  title: 'How long starts take',
  usage: '[<times>]',
  run: async ([times = '15']) => {
    if (!/^[1-9]\d*$/.test(times))
      throw new UsageError('Give how often to start. Example: start 15');
    return startReport(await benchStarts(Number(times)));
  },
};

async function benchStarts(times: number): Promise<StartResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const postgres = await startPostgres(folder);
  const processes = new Processes();
  try {
    const name = uniqueDatabaseName();
    await administer(postgres.url, `create database ${name}`);
    const url = databaseUrl(postgres.url, name);
    const shared = { DATABASE_URL: url, LOCAL_POOL_PORT: String(await freePort()) };
    const embedded = { DATA_DIR: join(folder, 'data'), LOCAL_POOL_PORT: String(await freePort()) };
    const provider = await processes.start(shared);
    const viaPostgres = await viewerAt(provider);
    await walk(processes, shared);
    const production = { NODE_ENV: 'production', DATABASE_URL: url, ...viaPostgres.configuration };
    const results = [
      await benchStart('node:http alone, which answers nothing', times, {
        environment: {},
        token: '',
        args: BARE_SERVER,
      }),
      await benchStart('PostgreSQL and a configured pool, in production', times, {
        environment: production,
        ...viaPostgres,
      }),
    ];
    await provider.end();
    results.push(
      await benchStart('PostgreSQL, the local pool', times, {
        environment: shared,
        ...viaPostgres,
      }),
    );
    const first = await processes.start(embedded);
    const viaEmbedded = await viewerAt(first);
    await first.end();
    await walk(processes, embedded);
    results.push(
      await benchStart('the embedded database and pool', times, {
        environment: embedded,
        ...viaEmbedded,
      }),
    );
    return results;
  } finally {
    await processes.clear();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fills the mirror: a server whose walk was cut off goes on with it as soon as it starts. */
async function walk(processes: Processes, environment: Readonly<Record<string, string>>) {
  const { code, stderr } = await processes.lifeguard(['sync'], environment);
  if (code !== 0) throw new Error(`The walk did not come to its end:\n${stderr}`);
}

/** The token of somebody whom the server knows, and what makes its pool the configured one of another server. */
async function viewerAt({ poolEndpoint, ask }: RunningServer) {
  const { signIn, poolId, clientId, close } = await poolClient(poolEndpoint);
  const token = await signIn('uma@example.com');
  close();
  const { errors } = await ask('{ me { id } }', token);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  const configuration = {
    COGNITO_ENDPOINT: poolEndpoint,
    COGNITO_USER_POOL_ID: poolId,
    COGNITO_CLIENT_IDS: clientId,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return { token, configuration };
}

async function benchStart(on: string, times: number, options: StartOptions): Promise<StartResult> {
  // The first one compiles what the others find compiled.
  await measureStart(options);
  const starts: Start[] = [];
  while (starts.length < times) starts.push(await measureStart(options));
  const at = (share: number) => {
    const of = (name: keyof Start) =>
      starts.map((start) => start[name]).sort((a, b) => a - b)[Math.floor(share * (times - 1))] ??
      0;
    return { firstAnswer: of('firstAnswer'), cpu: of('cpu'), memory: of('memory') };
  };
  return { on, median: at(0.5), slowest: at(1) };
}
