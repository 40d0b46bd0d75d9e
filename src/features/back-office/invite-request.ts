import { v7 } from 'uuid';
import { poolOf } from '../../directory/index.js';
import { CommandInputError, expectStorable } from './back-office.errors.js';
import type { CommandRequest } from './command-intent.js';
import { INVITE_USER } from './commands/invitation.js';
import { attributesIn, type GivenAttribute } from './given-attributes.js';
import { groupNameIn } from './group-name.js';
import { type Asking, commonOf, type Given, poolIdOf } from './requests.js';

export interface GivenInvitation extends Given {
  readonly poolId?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phoneNumber?: string | null | undefined;
  readonly attributes?: readonly GivenAttribute[] | null | undefined;
  readonly groups?: readonly string[] | null | undefined;
  readonly message?: 'EMAIL' | 'SMS' | 'NONE' | null | undefined;
}

/** As many as the pool takes ("UsernameType" of the API reference). */
const LONGEST_USERNAME = 128;

/** @throws CommandInputError */
export function inviteRequest(asking: Asking, given: GivenInvitation): CommandRequest {
  const poolId = poolIdOf(asking, given.poolId);
  const attributes = invitedAttributes(given);
  const username = given.username ?? given.email ?? given.phoneNumber;
  if (username == null)
    throw new CommandInputError('email', ', `phoneNumber` or `username` must be given');
  if (username.length === 0 || username.length > LONGEST_USERNAME)
    throw new CommandInputError('username', `must have 1 to ${LONGEST_USERNAME} characters`);
  expectStorable('username', username);
  const message = given.message ?? 'EMAIL';
  if (message === 'EMAIL' && attributes.email === undefined)
    throw new CommandInputError('email', 'must be given for an invitation by e-mail');
  if (message === 'SMS' && attributes.phone_number === undefined)
    throw new CommandInputError('phoneNumber', 'must be given for an invitation by SMS');
  const groups = (given.groups ?? []).map((group) => groupNameIn('groups', group));
  return {
    ...commonOf(given),
    kind: INVITE_USER,
    actor: asking.actor,
    // Nothing that comes later settles the same; and no name is kept here.
    aspect: `invitation ${v7()}`,
    input: { poolId, username, isMadeUp: given.username == null, attributes, message, groups },
    inputNames: ['username', ...Object.keys(attributes)],
    change: { before: {}, after: attributes },
    // An account that cannot be put where it belongs is not made.
    check: async () => {
      const { admin } = poolOf(asking.app, poolId);
      for (const group of new Set(groups)) await admin.group(group);
    },
  };
}

/** Whoever invites vouches for the addresses, unless the attributes say otherwise. */
function invitedAttributes({ email, phoneNumber, attributes }: GivenInvitation) {
  expectStorable('email', email);
  expectStorable('phoneNumber', phoneNumber);
  const others = attributes == null || attributes.length === 0 ? {} : attributesIn(attributes);
  return {
    ...(email != null && { email, email_verified: 'true' }),
    ...(phoneNumber != null && { phone_number: phoneNumber, phone_number_verified: 'true' }),
    ...others,
  } as Readonly<Record<string, string>>; // names and values that were checked, whichever they are
}
