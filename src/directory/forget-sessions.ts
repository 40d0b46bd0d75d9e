import type { JobKind, NewJob } from '../jobs/index.js';
import type { App } from '../request/app.js';

const KIND = 'forget-sessions';
const DAY = 86_400_000;

/** For how long a sign-in of which no token comes any more is shown. */
const SHOWN = '90 days';

/** The longest life of a refresh token (AWS, "Managing user pool token expiration"): until then it may bring tokens. */
const REFRESHABLE = '10 years';

/** Deletes sessions that are of no use any more, once a day. */
export function forgetSessionsKind({ orm }: App): JobKind {
  return {
    kind: KIND,
    every: DAY,
    run: async () => {
      await orm.em.fork().execute(
        `delete from session where last_seen_at < now() - interval '${SHOWN}'
           and (ended_at is null or ended_at < now() - interval '${REFRESHABLE}')`,
        [],
        'run',
        { label: KIND },
      );
    },
  };
}

export const forgetSessionsJob: NewJob = { kind: KIND, key: '', delay: DAY };
