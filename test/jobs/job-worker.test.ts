import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { type Database, openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { Job, type JobKind, JobQueue, JobWorker } from '../../src/jobs/index.js';
import { createLog } from '../../src/log/index.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
let opened: Database;
let orm: MikroORM;
let queue: JobQueue;
const workers: JobWorker[] = [];

beforeAll(async () => {
  database = await testDatabase();
  opened = await openDatabase({ location: database.location, entities });
  ({ orm } = opened);
  queue = new JobQueue(orm);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await orm.em.fork().nativeDelete(Job, {});
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

/** A worker as another server has one: it shares nothing with the others but the database. */
function startWorker(...kinds: readonly JobKind[]): JobWorker {
  const worker = newWorker(...kinds);
  worker.start();
  return worker;
}

function newWorker(...kinds: readonly JobKind[]): JobWorker {
  const worker = new JobWorker({ orm, queue, kinds, log: createLog({ level: 'silent' }) });
  workers.push(worker);
  return worker;
}

const rows = () => orm.em.fork().find(Job, {}, { orderBy: { key: 'asc' } });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to that.');
    await sleep(20);
  }
}
const isEmpty = async () => (await rows()).length === 0;

/** Notes what it is given. */
function noting(options: Partial<JobKind> = {}): JobKind & { readonly seen: unknown[] } {
  const seen: unknown[] = [];
  return {
    kind: 'note',
    seen,
    run: async (payload) => {
      seen.push(payload);
    },
    ...options,
  };
}

/** Waits, once begun, until it may end. */
function waiting() {
  let begun = 0;
  let finish = () => {};
  const kind: JobKind = {
    kind: 'wait',
    run: async (_payload, signal) => {
      begun++;
      await new Promise<void>((resolve, reject) => {
        finish = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  };
  return { kind, begun: () => begun, finish: () => finish() };
}

describe('a job', () => {
  test('runs with its payload, and is gone', async () => {
    const note = noting();
    startWorker(note);
    await queue.add([{ kind: 'note', key: 'a', payload: { text: 'x', list: [1, null] } }]);
    await until(isEmpty);
    expect(note.seen).toEqual([{ text: 'x', list: [1, null] }]);
  });

  test('that was added while no server ran is done by the next one', async () => {
    await queue.add([{ kind: 'note', key: 'a' }]);
    const note = noting();
    startWorker(note);
    await until(isEmpty);
    expect(note.seen).toEqual([null]);
  });

  test('is not begun before its time', async () => {
    const note = noting();
    startWorker(note);
    await queue.add([{ kind: 'note', key: 'later', delay: 3_600_000 }]);
    await queue.add([{ kind: 'note', key: 'now', payload: 'now' }]);
    await until(async () => (await rows()).length === 1);
    expect(note.seen).toEqual(['now']);
  });

  test('of a kind that nobody here knows is left to others', async () => {
    startWorker(noting());
    await queue.add([
      { kind: 'unknown', key: 'a' },
      { kind: 'note', key: 'b' },
    ]);
    await until(async () => (await rows()).length === 1);
    expect(await rows()).toMatchObject([{ kind: 'unknown', claim: null, attempts: 0 }]);
  });

  test('that is asked for twice before it begins runs once, with the last payload', async () => {
    await queue.add([{ kind: 'note', key: 'a', payload: 1, delay: 3_600_000 }]);
    await queue.add([{ kind: 'note', key: 'a', payload: 2 }]);
    const note = noting();
    startWorker(note);
    await until(isEmpty);
    expect(note.seen).toEqual([2]);
  });

  test('that is asked for while it runs runs again', async () => {
    const job = waiting();
    startWorker(job.kind);
    await queue.add([{ kind: 'wait', key: 'a' }]);
    await until(() => job.begun() === 1);
    await queue.add([{ kind: 'wait', key: 'a' }]);
    job.finish();
    await until(() => job.begun() === 2);
    job.finish();
    await until(isEmpty);
    expect(job.begun()).toBe(2);
  });

  test('that fails runs again, and keeps the name of the error alone', async () => {
    let runs = 0;
    const failures: (string | null)[] = [];
    startWorker({
      kind: 'fail',
      run: async () => {
        failures.push((await rows())[0]?.failure ?? null);
        if (++runs < 3) throw new RangeError('of ada@example.com');
      },
    });
    await queue.add([{ kind: 'fail', key: 'a' }]);
    await until(isEmpty);
    expect(failures).toEqual([null, 'RangeError', 'RangeError']);
  });

  test('that failed too often is given up', async () => {
    let runs = 0;
    startWorker({
      kind: 'fail',
      maxAttempts: 2,
      run: () => {
        runs++;
        return Promise.reject(new Error('never'));
      },
    });
    await queue.add([{ kind: 'fail', key: 'a' }]);
    await until(isEmpty);
    expect(runs).toBe(2);
  });

  test('that repeats is due again after its time, whatever came of it', async () => {
    const note = noting({ every: 3_600_000 });
    startWorker(note);
    await queue.ensure({ kind: 'note', key: 'a' });
    await until(async () => note.seen.length === 1 && (await rows())[0]?.claim === null);
    const [job] = await rows();
    expect(job?.runAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    // A start of another server does not hurry it; asking does.
    await queue.ensure({ kind: 'note', key: 'a', delay: 7_200_000 });
    expect((await rows())[0]?.runAt).toEqual(job?.runAt);
    await queue.add([{ kind: 'note', key: 'a' }]);
    await until(() => note.seen.length === 2);
  });
});

test('what repeats is seen to with the first look that the database answers', async () => {
  let asked = 0;
  const note = noting({ every: 3_600_000 });
  newWorker(note).start(async () => {
    asked++;
    if (asked === 1) throw new Error('The database is away.');
    return [{ kind: 'note', key: '', payload: 'again' }];
  });
  await until(() => note.seen.length === 1);
  expect(note.seen).toEqual(['again']);
  await queue.add([{ kind: 'note', key: 'other' }]);
  await until(() => note.seen.length === 2);
  expect(asked).toBe(2);
});

describe('several servers', () => {
  test('share the work, and do each job once', async () => {
    const kinds = [noting(), noting(), noting()];
    await queue.add(
      Array.from({ length: 100 }, (_, index) => ({
        kind: 'note',
        key: String(index),
        payload: index,
      })),
    );
    for (const kind of kinds) startWorker(kind);
    await until(isEmpty);
    const seen = kinds.flatMap((kind) => kind.seen).map(Number);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test('take over what one cut off when it stopped', async () => {
    const [first, second] = [waiting(), waiting()];
    const stopping = startWorker(first.kind);
    await queue.add([{ kind: 'wait', key: 'a' }]);
    await until(() => first.begun() === 1);
    await stopping.stop();
    expect(await rows()).toMatchObject([{ claim: null, attempts: 0 }]);
    startWorker(second.kind);
    await until(() => second.begun() === 1);
    second.finish();
    await until(isEmpty);
  });

  test('take over what one that died had, when its claim ends, and not before', async () => {
    await queue.add([{ kind: 'note', key: 'a' }]);
    const claim = (until: string) =>
      orm.em
        .fork()
        .execute(`update job set claim = gen_random_uuid(), claimed_until = now() + ${until}`);
    await claim("interval '1 hour'");
    const note = noting();
    startWorker(note);
    await queue.add([{ kind: 'note', key: 'b', payload: 'b' }]);
    await until(() => note.seen.length === 1);
    expect(await rows()).toMatchObject([{ key: 'a' }]);
    await claim("interval '-1 second'");
    await until(isEmpty);
    expect(note.seen).toEqual(['b', null]);
  });

  test('leave a job alone that another one has by now', async () => {
    const job = waiting();
    startWorker(job.kind);
    await queue.add([{ kind: 'wait', key: 'a' }]);
    await until(() => job.begun() === 1);
    const other = '00000000-0000-7000-8000-000000000000';
    await orm.em.fork().nativeUpdate(Job, {}, { claim: other });
    job.finish();
    await queue.add([{ kind: 'wait', key: 'b' }]);
    await until(() => job.begun() === 2);
    job.finish();
    await until(async () => (await rows()).length === 1);
    expect(await rows()).toMatchObject([{ key: 'a', claim: other }]);
  });
});
