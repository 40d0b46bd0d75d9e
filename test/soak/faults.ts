import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultyDatabase } from '../processes/faulty-database.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

/** Milliseconds for which a fault lasts that does not end by itself. */
const LASTING = 8_000;

export interface Fault {
  readonly name: string;
  /** Begins it, and resolves when it is over. */
  strike(): Promise<void>;
}

export interface Dependencies {
  readonly database: FaultyDatabase;
  readonly poolEndpoint: string;
  /** The way to Redis, where there is one. */
  readonly redis: TcpProxy | undefined;
}

/** What strikes, one after the other, again and again. */
export function faultsOf({ database, poolEndpoint, redis }: Dependencies): readonly Fault[] {
  const { proxy } = database;
  const pool = (name: string, faults: object): Fault => ({
    name: `the pool: ${name}`,
    strike: async () => {
      await setPool(faults);
      await sleep(LASTING);
      await setPool({});
    },
  });
  const setPool = async (faults: object) => {
    const { ok } = await fetch(`${poolEndpoint}/local-pool/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!ok) throw new Error('The pool does not take its faults.');
  };
  const every = (fault: string, more = {}) => ({
    operations: [{ match: '*', fault, ...more }],
  });
  const lost = (name: string, way: TcpProxy): Fault => ({
    name: `${name}: packets are lost`,
    strike: async () => {
      way.swallow();
      await sleep(LASTING);
      await way.mend();
    },
  });
  const reset = (name: string, way: TcpProxy): Fault => ({
    name: `${name}: connections are reset`,
    strike: async () => {
      await way.refuse();
      way.cut();
      await sleep(LASTING / 4);
      await way.mend();
    },
  });
  return [
    { name: 'PostgreSQL restarts', strike: () => database.restart(() => sleep(LASTING / 4)) },
    pool('its keys are out of reach', { jwks: 'down' }),
    lost('PostgreSQL', proxy),
    pool('throttled', every('throttling')),
    {
      name: 'PostgreSQL fails over',
      strike: async () => {
        await database.standBy();
        await database.failOver(
          () => sleep(LASTING / 4),
          () => sleep(LASTING / 4),
        );
      },
    },
    pool('down', every('reset')),
    reset('PostgreSQL', proxy),
    pool('slow', every('latency', { milliseconds: 3_000 })),
    {
      name: 'PostgreSQL: every connection held up',
      strike: async () => {
        const open = await database.hold('lock table app_user in access exclusive mode');
        await sleep(LASTING);
        await open();
      },
    },
    pool('its keys are broken', { jwks: 'broken' }),
    ...(redis === undefined ? [] : [lost('Redis', redis), reset('Redis', redis)]),
  ];
}
