import { v7 } from 'uuid';
import type { App } from '../request/app.js';
import { type AccountHint, hintIn } from './account-hint.js';
import { Identity } from './identity.entity.js';
import { refreshAccountJob } from './refresh-account-job.js';
import { refuseSignedOut } from './signed-out-hints.js';
import { WebhookMessage } from './webhook-message.entity.js';

export interface HintMessage {
  /** Names the message: one that was taken before causes no work. */
  readonly id: string;
  /** As they came; what is no event of a user pool is ignored. */
  readonly events: readonly unknown[];
}

/** What came of the events of a message. */
export interface TakenHints {
  /** Events after which an account is read. */
  readonly accepted: number;
  /** Events of unknown pools and shapes, and those that tell of no change or of nobody. */
  readonly ignored: number;
  /** Whether the message was taken before. */
  readonly repeated: boolean;
}

/** Milliseconds until a hinted account is read: a trigger runs before its operation ends, and hints come in bursts. */
const DELAY = 1_000;

/** For how long messages are known: longer than a signature counts, five minutes to either side of its time. */
const REMEMBERED = '15 minutes';

/**
 * Takes hints that accounts have changed: each account is read at its pool soon, by some server of this
 * database. The message is noted after its jobs, so that one whose sender must try again is not lost; two
 * at the same time ask for the same jobs.
 */
export async function takeHints(app: App, { id, events }: HintMessage): Promise<TakenHints> {
  const em = app.orm.em.fork();
  const times = await em.count(WebhookMessage, { messageId: id });
  if (times > 0) return { accepted: 0, ignored: 0, repeated: true };
  const hints = events.map(hintIn).filter((hint) => hint !== undefined);
  const ofPools = await withPools(app, hints);
  const jobs = ofPools.map(({ signedOutAt: _, ...hint }) => refreshAccountJob(hint, DELAY));
  await app.jobs.add(jobs);
  await refuseSignedOut(em, ofPools);
  await em.execute(
    `with forgotten as (
       delete from webhook_message where created_at < now() - interval '${REMEMBERED}')
     insert into webhook_message (id, created_at, updated_at, message_id) values (?, now(), now(), ?)
     on conflict (message_id) do nothing`,
    [v7(), id],
  );
  return { accepted: jobs.length, ignored: events.length - jobs.length, repeated: false };
}

type HintOfPool = AccountHint & { readonly poolId: string };

/** Those of pools that are trusted; where a hint names none, the only pool, or that of an account of the subject. */
async function withPools(app: App, hints: readonly AccountHint[]): Promise<HintOfPool[]> {
  const pools = await poolsBySubject(app, hints);
  const [first = ''] = app.userPools.keys();
  const only = app.userPools.size === 1 ? first : undefined;
  return hints.flatMap((hint) => {
    const poolId = hint.poolId ?? only ?? pools.get(hint.subject);
    return poolId !== undefined && app.userPools.has(poolId) ? [{ ...hint, poolId }] : [];
  });
}

async function poolsBySubject({ orm, userPools }: App, hints: readonly AccountHint[]) {
  const subjects = hints.flatMap(({ poolId, subject }) =>
    poolId === undefined && subject !== undefined ? [subject] : [],
  );
  const identities =
    subjects.length === 0 || userPools.size === 1
      ? []
      : await orm.em.fork().find(Identity, { subject: { $in: subjects } });
  return new Map<string | undefined, string>(
    identities.map(({ subject, poolId }) => [subject, poolId]),
  );
}
