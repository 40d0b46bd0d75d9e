import { setTimeout as sleep } from 'node:timers/promises';
import { personOf } from '../../auth/viewer.js';
import { withoutRowRules } from '../../database/row-view.js';
import type { User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import {
  askingOf,
  type CommandRequest,
  run,
  type SignOutUserInput,
  signOutRequests,
  userAfter,
} from '../back-office/index.js';

/** Milliseconds: claims and the pool's clock are whole seconds. */
const SECOND = 1_000;

interface SignedOut {
  readonly actionId: string;
  readonly user: User;
}

/** Ends every sign-in of the viewer, at the pools and here. @throws PoolUnavailableError, UnderWayError */
export function signOutEverywhere(context: Context): Promise<SignedOut> {
  const { userId } = personOf(context.viewer);
  return signedOut(context, signOutRequests.signOutEverywhere(askingOf(context), userId));
}

/** The same for another user. @throws UnknownUserError, ReasonError, PoolUnavailableError, UnderWayError */
export async function signOutUser(context: Context, input: SignOutUserInput): Promise<SignedOut> {
  return signedOut(context, await signOutRequests.signOutUser(askingOf(context), input));
}

/** Whoever signs in after the answer is let in. */
async function signedOut(context: Context, request: CommandRequest): Promise<SignedOut> {
  const { id, targetId, endedAt } = await run(context, request);
  await untilSecondIsOver(context, endedAt);
  return { actionId: id, user: await userAfter(context, targetId ?? '') };
}

/**
 * A sign-in of the very second would be refused: so the answer waits until the pool, which was asked before the
 * command ended, has left it. By the database's clock alone, whichever server has done it.
 */
async function untilSecondIsOver({ app }: Context, endedAt: Date | null): Promise<void> {
  const [row] = await withoutRowRules(app.orm.em, 'it asks for the time').execute<
    { since: number }[]
  >(`select (extract(epoch from now() - ?::timestamptz) * 1000)::float8 as since`, [endedAt]);
  await sleep(Math.max(0, SECOND - (row?.since ?? 0)), undefined, { ref: false });
}
