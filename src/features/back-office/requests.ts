import { Identity } from '../../directory/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { App } from '../../request/app.js';
import { type Actor, reasonIn } from '../audit-log/index.js';
import { confirmAdmins, isAdminGroup, keepAnAdmin, type Loss } from './admins.js';
import { CommandInputError, OwnAccountError, UnknownUserError } from './back-office.errors.js';
import type { CommandRequest } from './command-intent.js';

/** Whoever asks for commands, and where. */
export interface Asking {
  readonly app: App;
  readonly actor: Actor;
  /** Groups by which the actor's token gives roles, as `pool/group`. */
  readonly groups: readonly string[];
}

/** What every command is given. */
export interface Given {
  readonly reason: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** What every command on a user is given. */
export interface GivenUser extends Given {
  readonly id: string;
}

const KEY_LENGTH = { least: 8, most: 100 };

/** @throws ReasonError, CommandInputError */
export function commonOf({ reason, idempotencyKey }: Given) {
  return { reason: reasonIn(reason), idempotencyKey: keyIn(idempotencyKey) };
}

function keyIn(key: string | null | undefined): string | undefined {
  if (key == null) return undefined;
  if (key.length >= KEY_LENGTH.least && key.length <= KEY_LENGTH.most) return key;
  throw new CommandInputError(
    'idempotencyKey',
    `must have ${KEY_LENGTH.least} to ${KEY_LENGTH.most} characters`,
    'Make one up at random for each action, such as a UUID.',
  );
}

/** A user that there is. @throws UnknownUserError, BadUserInputError */
export async function targetOf({ app }: Asking, id: string, input = 'input.id') {
  const targetId = uuidOf(input, id);
  const accounts = await app.orm.em
    .fork()
    .find(Identity, { user: targetId, deletedAt: null }, { orderBy: { id: 'asc' } });
  const [first] = accounts;
  if (first === undefined) throw new UnknownUserError();
  return { targetId, accounts, first };
}

/** The account that is meant: the only one, or the one at the pool. @throws CommandInputError */
export async function accountOf(asking: Asking, id: string, poolId: string | null | undefined) {
  const { targetId, accounts, first } = await targetOf(asking, id);
  if (poolId == null && accounts.length === 1) return { targetId, account: first };
  const account = accounts.find((one) => one.poolId === poolId);
  if (account !== undefined) return { targetId, account };
  throw new CommandInputError(
    'poolId',
    'must name a pool at which the user has an account',
    'Look at `identities { poolId }` of the user.',
  );
}

/** A configured pool; the only one where none is named. @throws CommandInputError */
export function poolIdOf({ app }: Pick<Asking, 'app'>, poolId: string | null | undefined): string {
  const known = [...app.userPools.keys()];
  const [only] = known;
  if (poolId == null && only !== undefined && known.length === 1) return only;
  if (poolId != null && known.includes(poolId)) return poolId;
  throw new CommandInputError(
    'poolId',
    'must name a pool of this server',
    'Name one of its pools.',
  );
}

/** @throws OwnAccountError */
export function refuseSelf({ actor }: Asking, targetId: string): void {
  if (actor.userId === targetId) throw new OwnAccountError();
}

/** Whether the actor is an administrator by this group. */
export function isOwnAdminGroup({ app, groups }: Asking, group: string): boolean {
  return groups.includes(group) && isAdminGroup(app, group);
}

/** Somebody stays who is an administrator. */
export function withAnAdmin({ app }: Asking, loss: Loss): Pick<CommandRequest, 'check' | 'admit'> {
  return {
    check: () => confirmAdmins(app, loss),
    admit: (em) => keepAnAdmin(em, app, loss),
  };
}

/** As a person's token has them. */
export function groupsIn(poolId: string, groups: readonly string[]): string[] {
  return groups.map((group) => `${poolId}/${group}`);
}
