import type { MikroORM } from '@mikro-orm/postgresql';
import { JOB_STATEMENT } from './job-statement.js';

/** Jobs of one kind, of all servers of the database. */
export interface JobCounts {
  readonly kind: string;
  /** To be run now, by whichever server is free. */
  readonly due: number;
  /** To be run later. */
  readonly waiting: number;
  readonly running: number;
  /** Of all of these, those whose last run failed. */
  readonly failed: number;
}

export function jobCounts(orm: MikroORM): Promise<JobCounts[]> {
  return orm.em.fork().execute<JobCounts[]>(
    `select kind,
            count(*) filter (where not running and run_at <= now())::int as due,
            count(*) filter (where not running and run_at > now())::int as waiting,
            count(*) filter (where running)::int as running,
            count(*) filter (where failure is not null)::int as failed
     from (select kind, run_at, failure, coalesce(claimed_until > now(), false) as running from job) as jobs
     group by kind order by kind`,
    [],
    'all',
    JOB_STATEMENT,
  );
}
