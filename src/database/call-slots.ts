import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';

interface Taken {
  /** Milliseconds until the first slot, by the database's clock. */
  readonly wait: number;
}

/** How far ahead the slots of a row are taken. */
export interface TakenSlots {
  readonly row: string;
  /** What a call that comes now waits. */
  readonly seconds: number;
}

export function takenSlots(orm: MikroORM): Promise<TakenSlots[]> {
  return orm.em.fork().execute<TakenSlots[]>(
    `select row, greatest(0, extract(epoch from next_at - clock_timestamp()))::float8 as seconds
       from call_slot order by row`,
  );
}

/**
 * Slots that the servers of one database share, by its clock: each row knows the first moment that nobody
 * has taken (the generic cell rate algorithm without a burst, ITU-T I.371), so that no second of any server
 * sees more calls than the rate. One statement for any number of slots.
 */
export function databaseCallSlots(orm: MikroORM) {
  return {
    async take(row: string, count: number, perSecond: number) {
      const interval = 1000 / perSecond;
      const [taken] = await orm.em.fork().execute<Taken[]>(
        `insert into call_slot (id, created_at, updated_at, row, next_at)
         values (?, now(), now(), ?, clock_timestamp() + ? * interval '1 millisecond')
         on conflict (row) do update set updated_at = now(),
           next_at = greatest(call_slot.next_at, clock_timestamp()) + ? * interval '1 millisecond'
         returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 - ?::float8 as wait`,
        [v7(), row, count * interval, count * interval, count * interval],
      );
      return { wait: Math.max(0, taken?.wait ?? 0), interval };
    },

    async pause(row: string, milliseconds: number) {
      await orm.em.fork().execute(
        `update call_slot set updated_at = now(),
           next_at = greatest(next_at, clock_timestamp() + ? * interval '1 millisecond')
         where row = ?`,
        [milliseconds, row],
      );
    },
  };
}
