import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { LISTENER_NAME } from '../../src/database/notifications.js';
import { ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import { median } from '../support/median.js';
import { on, Processes, type RunningServer, until } from '../support/process.js';
import { poolClient } from './pool-client.js';

// On a busy machine; nothing here takes long otherwise.
jest.setTimeout(600_000);

/** Sign-outs of each kind: `REVOCATION_RUNS=100` for the full measure. */
const RUNS = Number(process.env.REVOCATION_RUNS ?? 25);

/** Milliseconds, as README and SECURITY.md say. */
const WITHIN = 1_000;

const ME = '{ me { id } }';
const SIGN_OUT = 'mutation { signOut { session { id } } }';

const processes = new Processes();
afterAll(() => processes.clear());

function shared(): void {
  let servers: readonly [RunningServer, RunningServer];
  let orm: MikroORM;
  let pool: Awaited<ReturnType<typeof poolClient>>;

  beforeAll(async () => {
    const database = await processes.prepared();
    const environment = { ...(await on(database)), LIMIT_FAILED_TOKENS: '1000000' };
    servers = await Promise.all([processes.start(environment), processes.start(environment)]);
    orm = await MikroORM.init(await ormOptions({ location: database.location, entities }));
    pool = await poolClient(servers[0].poolEndpoint);
  });
  afterAll(async () => {
    pool.close();
    await orm.close(true);
  });

  /** Milliseconds from the answer of one server until the other refuses. */
  async function lagOf([here, there]: typeof servers): Promise<number> {
    const token = await pool.signIn('uma@example.com');
    // The second one is by memory.
    for (let times = 0; times < 2; times++) expect((await there.ask(ME, token)).status).toBe(200);
    expect((await here.ask(SIGN_OUT, token)).errors).toBeUndefined();
    const answeredAt = performance.now();
    expect((await here.ask(ME, token)).status).toBe(401);
    await until(async () => ((await there.ask(ME, token)).status === 401 ? true : undefined));
    return performance.now() - answeredAt;
  }

  async function measured(what: string): Promise<void> {
    const lags: number[] = [];
    for (let run = 0; run < RUNS; run++)
      lags.push(await lagOf(run % 2 === 0 ? servers : [servers[1], servers[0]]));
    const [middle, longest] = [median(lags), Math.max(...lags)];
    process.stdout.write(
      `refused by the other server, ${what}: ${RUNS} runs, mostly within ${Math.round(middle)} ms, at most ${Math.round(longest)} ms\n`,
    );
    // The longest is that of a machine that was busy for a moment.
    expect(middle).toBeLessThan(WITHIN);
  }

  const listeners = () =>
    orm.em
      .fork()
      .execute<{ pid: number }[]>(
        'select pid from pg_stat_activity where application_name = ? and datname = current_database()',
        [LISTENER_NAME],
      );

  const listening = () => until(async () => ((await listeners()).length === 2 ? true : undefined));

  test('what one server signs out the other refuses', async () => {
    await listening();
    await measured('with notifications');
  });

  test('also while the connections that listen are cut again and again, and after', async () => {
    const cutting = new AbortController();
    const cut = async () => {
      let times = 0;
      while (!cutting.signal.aborted) {
        for (const { pid } of await listeners()) {
          await orm.em.fork().execute('select pg_terminate_backend(?)', [pid]);
          times += 1;
        }
        await sleep(100);
      }
      return times;
    };
    const cuts = cut();
    await measured('connections cut');
    cutting.abort();
    expect(await cuts).toBeGreaterThan(0);
    await listening();
    await measured('connections restored');
  });

  test('also where no notification ever comes', async () => {
    const em = orm.em.fork();
    const [row] = await em.execute<{ source: string }[]>(
      "select pg_get_functiondef('tell_of_viewers'::regproc) as source",
    );
    const silent = row?.source.replace("perform pg_notify('viewer_change', '');", '') ?? '';
    expect(silent).not.toContain('pg_notify');
    await em.execute(silent);
    await measured('without notifications');
  });
}

describe('two servers of one PostgreSQL', shared);
