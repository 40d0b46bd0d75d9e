import { randomBytes } from 'node:crypto';
import { withoutRowRules } from '../database/row-view.js';
import { Session } from '../directory/index.js';
import {
  type Asking,
  type CommandRequest,
  type GivenAttribute,
  inviteRequest,
  signOutRequests,
  userRequests,
} from '../features/back-office/index.js';
import { StartError } from '../start-error.js';
import { findUser } from './find-user.js';
import type { ActionOptions, PlannedCommand } from './operator.js';

export interface UserOptions extends ActionOptions {
  readonly pool?: string;
  readonly until?: string;
  readonly group?: string;
  readonly into?: readonly string[];
  readonly endSessions?: true;
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly session?: readonly string[];
  readonly message?: 'EMAIL' | 'SMS' | 'NONE';
  readonly from?: string;
  readonly passwordStdin?: true;
}

/** Options with what was read for them. */
export interface UserGiven extends UserOptions {
  readonly password?: string;
}

type Plan = (asking: Asking, who: string, given: UserGiven) => Promise<readonly PlannedCommand[]>;

type OnUser = (asking: Asking, id: string, given: UserGiven) => Promise<CommandRequest>;

/** What there is to do, as the mutations of the back office do it. */
export const USER_ACTIONS = {
  disable: onUser((asking, id, { until, ...given }) =>
    userRequests.disableUser(asking, { ...given, id, until: momentIn(until) }),
  ),
  enable: onUser((asking, id, given) => userRequests.enableUser(asking, { ...given, id })),
  'sign-out': onUser((asking, id, given) => signOutRequests.signOutUser(asking, { ...given, id })),
  'end-sessions': endSessions,
  delete: onUser((asking, id, given) => userRequests.deleteUser(asking, { ...given, id })),
  'update-attributes': onUser((asking, id, given) =>
    userRequests.updateUserAttributes(asking, {
      ...onAccount(id, given),
      attributes: attributesIn(given),
    }),
  ),
  'reset-password': onUser((asking, id, given) =>
    userRequests.resetUserPassword(asking, onAccount(id, given)),
  ),
  'set-temporary-password': setTemporaryPassword,
  'resend-invitation': onUser((asking, id, given) =>
    userRequests.resendInvitation(asking, onAccount(id, given)),
  ),
  'add-to-group': onUser((asking, id, given) =>
    userRequests.addUserToGroup(asking, inGroup(id, given)),
  ),
  'remove-from-group': onUser((asking, id, { endSessions, ...given }) =>
    userRequests.removeUserFromGroup(asking, { ...inGroup(id, given), endSessions }),
  ),
  invite: async (asking, email, given) => {
    const { pool: poolId, into: groups, message } = given;
    const attributes = attributesIn(given);
    return [
      { request: inviteRequest(asking, { ...given, email, poolId, groups, message, attributes }) },
    ];
  },
} satisfies Record<string, Plan>;

export type UserActionName = keyof typeof USER_ACTIONS;

function onUser(requestOf: OnUser): Plan {
  return async (asking, who, given) => {
    const id = await findUser(asking.app.orm.em.fork(), who);
    return [{ request: await requestOf(asking, id, given) }];
  };
}

function onAccount(id: string, { reason, idempotencyKey, pool: poolId }: UserGiven) {
  return { id, reason, idempotencyKey, poolId };
}

function inGroup(id: string, given: UserGiven) {
  return { ...onAccount(id, given), group: given.group ?? '' };
}

/** Each sign-in that goes on, or those that are named, here alone. */
async function endSessions(asking: Asking, who: string, given: UserGiven) {
  const em = withoutRowRules(asking.app.orm.em, 'an operator acts on whom they name');
  const user = await findUser(em, who);
  const going = await em.find(
    Session,
    { user, endedAt: null },
    { orderBy: { lastSeenAt: 'desc' } },
  );
  const named = given.session ?? going.map(({ id }) => id);
  const unknown = named.filter((id) => going.every((session) => session.id !== id));
  if (unknown.length > 0)
    throw new StartError(`${who} has no sign-in ${unknown.join(', ')} that goes on.`);
  if (named.length === 0) throw new StartError(`${who} has no sign-in that goes on.`);
  return going
    .filter(({ id }) => named.includes(id))
    .map((session) => ({
      request: signOutRequests.endSession(asking, session, given),
      of: session.id,
      details: `from ${session.network ?? 'an unknown network'}, last seen ${session.lastSeenAt.toISOString()}`,
    }));
}

/** One that is given is the operator's to pass on; one that is made up is told. */
async function setTemporaryPassword(asking: Asking, who: string, given: UserGiven) {
  const id = await findUser(asking.app.orm.em.fork(), who);
  const password = given.password ?? generatedPassword();
  const request = await userRequests.setTemporaryPassword(asking, {
    ...onAccount(id, given),
    password,
  });
  const secret = given.password === undefined ? `The temporary password: ${password}` : undefined;
  return [{ request, ...(secret !== undefined && { secret }) }];
}

/** The last year of the graph's `DateTime`, and of RFC 3339. */
const LAST_YEAR = 9999;

/** 120 bits, and whatever kinds of characters a pool may insist on. */
function generatedPassword(): string {
  return `${randomBytes(15).toString('base64url')}aA1!`;
}

function momentIn(until: string | undefined): Date | null {
  if (until === undefined) return null;
  const moment = new Date(until);
  if (moment.getUTCFullYear() <= LAST_YEAR) return moment;
  throw new StartError(`--until is ${until}. Give a moment such as 2027-01-31T12:00:00Z.`);
}

function attributesIn({ set = [], remove = [] }: UserGiven): GivenAttribute[] {
  const given = set.map((pair) => {
    const end = pair.indexOf('=');
    if (end <= 0) throw new StartError(`--set is ${pair}. Give it as name=value.`);
    return { name: pair.slice(0, end), value: pair.slice(end + 1) };
  });
  return [...given, ...remove.map((name) => ({ name, value: null }))];
}
