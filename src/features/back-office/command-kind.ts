import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { type Identity, poolOf } from '../../directory/index.js';
import type { App } from '../../request/app.js';
import { PoolUnavailableError, type UserPool } from '../../user-pool/index.js';
import type { Command, CommandResult } from './command.entity.js';

/** A command with what it takes to go on with it. */
export interface Work<Input> {
  readonly app: App;
  readonly command: Command;
  readonly input: Input;
  /** The target's accounts that are not forgotten. */
  readonly identities: readonly Identity[];
}

export interface AtPool {
  /** The pool's clock. */
  readonly at: Date;
  readonly result?: CommandResult;
}

/** How commands of one action are done. Whatever is done here may be done again: "already so" is done. */
export interface CommandKind<Input> {
  readonly action: string;
  readonly input: z.ZodType<Input>;
  /** Whether the input is a secret that no row may hold; whoever finds such a command cannot go on with it. */
  readonly isSecret?: true;
  /** Whether the accounts are after it as they were before, so that there is nothing to be read at the pools. */
  readonly leavesAccounts?: true;
  /** Whether tokens of before are refused from then on. */
  readonly endsTokens: (input: Input) => boolean;
  /** Asks the pool, outside of any transaction. */
  readonly atPool: (work: Work<Input>) => Promise<AtPool>;
  /** What holds up to the moment at the pool, in the transaction that keeps it: the outcome may come much later. */
  readonly keepAtMoment?: (em: EntityManager, work: Work<Input>) => Promise<void>;
  /** What there is to keep besides the accounts as the pool has them, in the transaction of the outcome. */
  readonly keep?: (em: EntityManager, work: Work<Input>) => Promise<void>;
}

/** A kind whose input is still to be read. */
export interface AnyCommandKind {
  readonly action: string;
  readonly isSecret: boolean;
  readonly leavesAccounts: boolean;
  endsTokens(input: unknown): boolean;
  atPool(work: Work<unknown>): Promise<AtPool>;
  keepAtMoment(em: EntityManager, work: Work<unknown>): Promise<void>;
  keep(em: EntityManager, work: Work<unknown>): Promise<void>;
}

export function commandKind<Input>(kind: CommandKind<Input>): AnyCommandKind {
  const read = (work: Work<unknown>) => ({ ...work, input: kind.input.parse(work.input) });
  return {
    action: kind.action,
    isSecret: kind.isSecret ?? false,
    leavesAccounts: kind.leavesAccounts ?? false,
    endsTokens: (input) => kind.endsTokens(kind.input.parse(input)),
    atPool: (work) => kind.atPool(read(work)),
    keepAtMoment: async (em, work) => kind.keepAtMoment?.(em, read(work)),
    keep: async (em, work) => kind.keep?.(em, read(work)),
  };
}

/**
 * A moment that counts as after the command at the pool, whose clock may be ahead of ours: tokens are of whole
 * seconds, and none of the very second in which a group was taken away may be taken for a younger one.
 */
export function afterAtPool({ poolMoment }: Command, moment: Date): Date {
  return new Date(Math.max(moment.getTime(), (poolMoment?.getTime() ?? 0) + 1));
}

/**
 * What follows a step that the pool has done. Where the pool is not reached for it, the command is not one of which
 * nothing was done.
 */
export async function afterStep<Answer>(step: () => Promise<Answer>): Promise<Answer> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof PoolUnavailableError)) throw error;
    throw new PoolUnavailableError(new Error('A part is done already.', { cause: error }));
  }
}

/**
 * Does it to each account of the target; the latest of the pools' clocks. Those at pools that are not configured are left
 * alone, unless there is no other.
 * @throws PoolUnavailableError where there is none
 */
export async function toEach(
  { app, command, identities }: Work<unknown>,
  step: (pool: UserPool, identity: Identity) => Promise<Date>,
): Promise<AtPool> {
  const configured = identities.filter(({ poolId }) => app.userPools.has(poolId));
  const reached = configured.length > 0 ? configured : identities;
  let at = new Date(0);
  for (const [index, identity] of reached.entries()) {
    const take = async () => step(poolOf(app, identity.poolId), identity);
    const moment = await (index === 0 ? take() : afterStep(take));
    if (moment > at) at = moment;
  }
  const left = identities.filter((identity) => !reached.includes(identity));
  if (left.length === 0) return { at };
  const pools = [...new Set(left.map(({ poolId }) => poolId))];
  // Nobody waits for the deletion that a person has asked for.
  app.log.warn(
    { actionId: command.id, pools },
    'accounts at pools that are not configured were left alone',
  );
  return { at, result: { leftAlone: pools } };
}

/** The one account that a command is about. */
export function toOne(
  work: Work<{ readonly identityId: string }>,
  step: (pool: UserPool, identity: Identity) => Promise<Date>,
): Promise<AtPool> {
  const identities = work.identities.filter(({ id }) => id === work.input.identityId);
  return toEach({ ...work, identities }, step);
}
