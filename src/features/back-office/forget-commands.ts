import { withoutRowRules } from '../../database/row-view.js';
import type { JobKind } from '../../jobs/index.js';
import type { App } from '../../request/app.js';
import { ENABLE_JOB } from './command-job-name.js';

const KIND = 'forget-commands';
const DAY = 86_400_000;

/** For how long a command is kept after its end: well beyond the day for which its key counts. */
const KEPT = '30 days';

/**
 * Deletes commands that are of no use any more, once a day. Those stay by which is decided whether an earlier one is
 * still to be gone on with, or a disabling still to come to its end.
 */
export function forgetCommandsKind({ orm }: App): JobKind {
  return {
    kind: KIND,
    every: DAY,
    run: async () => {
      await withoutRowRules(orm.em, 'what has ended is forgotten, whoever it was about').execute(
        `delete from command where ended_at < now() - interval '${KEPT}' and aspect not in (
           select aspect from command where state in ('INTENDED', 'AT_POOL')
           union
           select aspect from command where id::text in (select key from job where kind = ?))`,
        [ENABLE_JOB],
        'run',
        { label: KIND },
      );
    },
  };
}
