import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';
import {
  type Identity,
  layStones,
  readGroups,
  readProfile,
  refreshAccountJob,
  refuseBefore,
  writeGroups,
  writeProfiles,
} from '../../directory/index.js';
import { PoolUserNotFoundError } from '../../user-pool/index.js';
import { AuditTrail } from '../audit-log/index.js';
import type { Command, CommandResult } from './command.entity.js';
import { failureOf } from './command-failure.js';
import { COMMAND_JOB } from './command-job-name.js';
import { type AnyCommandKind, afterAtPool, type Work } from './command-kind.js';

/** The pool has it: from here on it is only to be kept. Tokens that it ends are refused by now. */
export async function keepMoment(
  kind: AnyCommandKind,
  work: Work<unknown>,
  { at, result }: { at: Date; result: CommandResult | null },
): Promise<void> {
  const { app, command, input } = work;
  await app.orm.em.fork().transactional(async (em) => {
    await withoutRowRules(em, "commands are the server's own").execute(
      `update command set state = 'AT_POOL', pool_moment = ?, result = ?::jsonb, updated_at = now()
       where id = ? and state = 'INTENDED'`,
      [at, jsonOf(result), command.id],
    );
    if (kind.endsTokens(input) && command.targetId !== null)
      await refuseBefore(em, command.targetId, at);
    await kind.keepAtMoment(em, work);
  });
}

/**
 * Reads the accounts as the pool has them now, and keeps them with the outcome in one transaction: the mirror,
 * what the kind keeps, the trail and the state change together or not at all.
 */
export async function keepOutcome(kind: AnyCommandKind, work: Work<unknown>): Promise<void> {
  const { app, command } = work;
  const read = await readAccounts(kind.leavesAccounts ? [] : work.identities, work);
  await app.orm.em.fork().transactional(async (em) => {
    if (!(await end(em, command, 'DONE'))) return;
    if (read.profiles.size > 0) await writeProfiles(em, read.profiles);
    if (read.groups.size > 0) await writeGroups(em, read.groups);
    await layStones(em, read.gone);
    await kind.keep(em, work);
    trailOf(command).done(em);
  });
}

async function readAccounts(identities: readonly Identity[], { app, command }: Work<unknown>) {
  const profiles = new Map<string, Awaited<ReturnType<typeof readProfile>>>();
  const groups = new Map<string, Awaited<ReturnType<typeof readGroups>>>();
  const gone: string[] = [];
  for (const identity of identities) {
    const pool = app.userPools.get(identity.poolId)?.anew;
    if (pool === undefined) continue;
    try {
      const [profile, names] = await Promise.all([
        readProfile(identity, pool),
        readGroups(identity, pool),
      ]);
      profiles.set(identity.id, profile);
      groups.set(identity.id, { ...names, askedAt: afterAtPool(command, names.askedAt) });
    } catch (error) {
      if (!(error instanceof PoolUserNotFoundError)) throw error;
      gone.push(identity.id);
    }
  }
  return { profiles, groups, gone };
}

/** Ends a command that the pool has refused, or that nobody goes on with. @param error as clients see it */
export async function keepFailure(
  { app, command, identities }: Work<unknown>,
  error: unknown,
): Promise<void> {
  const failure = failureOf(error);
  await app.orm.em.fork().transactional(async (em) => {
    if (!(await end(em, command, 'FAILED', failure))) return;
    trailOf(command).failed(em, failure.code);
    // Some of it may have been done, or the account may be gone.
    const accounts = identities.map(({ poolId, subject }) =>
      refreshAccountJob({ poolId, subject }),
    );
    await app.jobs.addWithin(em, accounts);
  });
}

/** For a column of JSON, in which null is that of SQL. */
function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Answers false where somebody else has ended it. What it was given is forgotten. */
async function end(
  em: EntityManager,
  { id }: Command,
  state: 'DONE' | 'FAILED',
  failure: object | null = null,
): Promise<boolean> {
  const ended = await withoutRowRules(em, "commands are the server's own").execute<object[]>(
    `update command set state = ?, failure = ?::jsonb, input = null, ended_at = now(), updated_at = now()
     where id = ? and state in ('INTENDED', 'AT_POOL') returning id`,
    [state, jsonOf(failure), id],
  );
  if (ended.length === 0) return false;
  await withoutRowRules(em, "commands are the server's own").execute(
    'delete from job where kind = ? and key = ?',
    [COMMAND_JOB, id],
  );
  return true;
}

function trailOf(command: Command): AuditTrail {
  const { action, targetId, targetGroup } = command;
  const actor = {
    kind: command.actorKind,
    userId: command.actorId,
    clientId: command.actorClientId,
    requestId: command.requestId,
    // The intent has what is personal.
    network: null,
    operator: null,
  };
  return new AuditTrail({ actor }, { action, targetId, targetGroup, reason: '' }, command.id);
}
