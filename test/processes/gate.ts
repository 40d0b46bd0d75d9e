import type { TestDatabase } from '../support/database.js';
import { connected, rowsOf } from '../support/postgres.js';
import { look, until } from '../support/process.js';

/** Holds transactions up at one place, until it is opened. */
export interface Gate {
  /** Resolves once so many connections wait. */
  untilReached(waiting: number): Promise<void>;
  open(): Promise<void>;
}

const LOCK = 4711;

/**
 * Makes a trigger that waits for whoever does that.
 * @param event such as `insert on command`
 * @param condition on `new`
 */
export async function gateAt(
  database: TestDatabase,
  event: string,
  condition: string,
): Promise<Gate> {
  if (!('url' in database.location)) throw new Error('Only a server has rows to be held.');
  await look(
    database,
    `create function wait_at_gate() returns trigger language plpgsql as
     'begin perform pg_advisory_xact_lock_shared(${LOCK}); return new; end'`,
  );
  await look(
    database,
    `create trigger gate before ${event} for each row when (${condition}) execute function wait_at_gate()`,
  );
  const { url } = database.location;
  const client = await connected(url);
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  const waiting = async () => {
    const [row] = await rowsOf<{ count: number }>(
      url,
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return row?.count ?? 0;
  };
  return {
    untilReached: async (most) => {
      await until(async () => (await waiting()) >= most || undefined);
    },
    open: () => client.end(),
  };
}
