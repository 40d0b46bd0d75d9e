import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';
import { unlessAborted } from '../../directory/index.js';
import { LifeguardError } from '../../errors.js';
import type { JobKind } from '../../jobs/index.js';
import type { App } from '../../request/app.js';
import { AuditActorKind } from '../audit-log/audit-event.entity.js';
import { SERVER_ACTOR } from '../audit-log/index.js';
import { commandsOf, ownDeletion } from '../back-office/index.js';
import { AccountDeletion } from './account-deletion.entity.js';

export const DELETION_JOB = { kind: 'delete-accounts', key: '' };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Reasons of a command that has not ended. */
const GOES_ON: ReadonlySet<string | undefined> = new Set(['under_way', 'in_progress']);

/** Deletions at a time; the call budget has the last word. */
const AT_A_TIME = 5;

/** Why no viewer is looked at. */
const WHY = 'what is due is done for whoever has asked for it';

/** Marks the statements in the log of statements: they belong to no request. */
const STATEMENT = { label: DELETION_JOB.kind };

/** Looks every minute for what is due, on one of the servers. */
export function accountDeletionJobs(app: App): readonly JobKind[] {
  return [
    {
      kind: DELETION_JOB.kind,
      every: MINUTE,
      run: (_payload, signal) => unlessAborted(carryOutAll(app, signal), signal),
    },
  ];
}

async function carryOutAll(app: App, signal: AbortSignal): Promise<void> {
  for (let due = await dueNow(app); due.length > 0; due = await dueNow(app)) {
    await Promise.all(due.map((deletion) => carryOut(app, deletion)));
    if (signal.aborted) return;
  }
}

/** Whatever becomes of them, they are not due any more, or not now. */
function dueNow({ orm }: App): Promise<AccountDeletion[]> {
  return withoutRowRules(orm.em, WHY).find(
    AccountDeletion,
    { tryAt: { $lte: raw('now()') } },
    { orderBy: { tryAt: 'asc' }, limit: AT_A_TIME, logging: STATEMENT },
  );
}

/** It was taken back, or somebody else has begun. No refusal: the trail does not tell of it. */
class NotToBeBegunError extends Error {
  override readonly name = 'NotToBeBegunError';
}

/**
 * By a command, so that a process that ends in between leaves nothing half done: whoever looks next finds the same
 * command under the same key.
 */
async function carryOut(app: App, deletion: AccountDeletion): Promise<void> {
  const { id, user, attempts, clientId, requestId } = deletion;
  const kind = AuditActorKind.PERSON;
  const actor = { ...SERVER_ACTOR, kind, userId: user.id, clientId, requestId };
  const request = ownDeletion(
    { app, actor, groups: [] },
    { userId: user.id, idempotencyKey: `${id} ${attempts}`, begin: (em) => begin(em, id) },
  );
  try {
    await commandsOf(app).run(request);
  } catch (error) {
    await putOff(app, deletion, error);
  }
}

async function begin(em: EntityManager, id: string): Promise<void> {
  const begun = await withoutRowRules(em, WHY).execute<object[]>(
    `update account_deletion set begun_at = now(), updated_at = now()
     where id = ? and begun_at is null and try_at <= now() returning id`,
    [id],
  );
  if (begun.length === 0) throw new NotToBeBegunError();
}

/** Until a command that is under way has ended, and then later and later. One that is done is there no more. */
async function putOff(app: App, { id, attempts }: AccountDeletion, error: unknown): Promise<void> {
  const goesOn = error instanceof LifeguardError && GOES_ON.has(error.reason);
  const delay = goesOn ? MINUTE : delayAfter(error, attempts);
  const left = await withoutRowRules(app.orm.em, WHY).execute<object[]>(
    `update account_deletion set
       try_at = now() + ? * interval '1 millisecond', updated_at = now(),
       attempts = case when ? then attempts else attempts + 1 end,
       begun_at = case when ? then begun_at end
     where id = ? returning id`,
    [delay, goesOn, goesOn, id],
    'all',
    STATEMENT,
  );
  if (left.length > 0) app.log.warn({ err: error, delay }, 'an account could not be deleted yet');
}

/** A rule may hold for long, an outage does not. */
function delayAfter(error: unknown, attempts: number): number {
  const isRefusal = error instanceof LifeguardError && error.code !== 'UNAVAILABLE';
  return isRefusal ? DAY : Math.min(HOUR, MINUTE * 2 ** Math.min(attempts, 10));
}
