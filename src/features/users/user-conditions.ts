import type { FilterQuery } from '@mikro-orm/core';
import { STAFF } from '../../auth/role.js';
import type { Viewer } from '../../auth/viewer.js';
import type { Config } from '../../config.js';
import { NAME_ATTRIBUTES, type User } from '../../directory/index.js';
import { BadUserInputError } from '../../errors.js';
import { containing, searchTermOf, wholeValueOf, withinLines } from './search-term.js';
import type { UserFilter } from './user-filter.inputs.js';

type Condition = FilterQuery<User>;

/** Which lines of a user's names a viewer may search, and whether also how to reach them. */
export interface SearchView {
  readonly names: readonly number[];
  readonly contacts: boolean;
}

export function searchViewOf(viewer: Viewer, { publicAttributes }: Config): SearchView {
  const lines = NAME_ATTRIBUTES.map((_name, line) => line);
  const isStaff = viewer.kind !== 'anonymous' && STAFF.some((role) => viewer.roles.has(role));
  if (isStaff) return { names: lines, contacts: true };
  const isPublic = (line: number) => {
    const attribute = NAME_ATTRIBUTES[line];
    return attribute !== undefined && publicAttributes.has(attribute);
  };
  return { names: lines.filter(isPublic), contacts: false };
}

/**
 * What a filter asks of a row, without what it asks of its times.
 * @throws BadUserInputError for terms that are too short or too long, and for empty values.
 */
export function conditionsOf(filter: UserFilter, view: SearchView): readonly Condition[] {
  const { search, name, email, emailVerified, phoneNumber, username, group } = filter;
  const { status, enabled } = filter;
  const conditions: (Condition | undefined)[] = [
    whereGiven(search, (value) => searchCondition(searchTermOf('search', value), view)),
    whereGiven(name, (value) => ({
      listedName: { $like: containing(searchTermOf('name', value)) },
    })),
    whereGiven(email, (value) => ({ listedEmail: wholeValueOf('email', value) })),
    whereGiven(emailVerified, (value) => ({ listedEmailVerified: value })),
    whereGiven(phoneNumber, (value) => ({ listedPhone: wholeValueOf('phoneNumber', value) })),
    whereGiven(username, (value) => ({ listedUsername: wholeValueOf('username', value) })),
    whereGiven(group, (value) => ({ listedGroups: { $contains: [groupNameOf(value)] } })),
    whereGiven(status, (value) => ({ listedStatus: value })),
    whereGiven(enabled, (value) => ({ listedEnabled: value })),
  ];
  return conditions.filter((condition) => condition !== undefined);
}

/** The times of a filter, by the property that they are of. */
export function timesOf(filter: UserFilter): readonly (readonly [keyof User, Condition])[] {
  const { createdAfter, createdBefore, lastSeenAfter, lastSeenBefore } = filter;
  const times = [
    whereGiven(createdAfter, (time) => ['createdAt', { createdAt: { $gte: time } }] as const),
    whereGiven(createdBefore, (time) => ['createdAt', { createdAt: { $lt: time } }] as const),
    whereGiven(
      lastSeenAfter,
      (time) => ['listedLastSeenAt', { listedLastSeenAt: { $gte: time } }] as const,
    ),
    whereGiven(
      lastSeenBefore,
      (time) => ['listedLastSeenAt', { listedLastSeenAt: { $lt: time } }] as const,
    ),
  ];
  return times.filter((time) => time !== undefined);
}

/** A member finds nobody by what they may not see, not even that somebody has it. */
function searchCondition(term: string, { names, contacts }: SearchView): Condition {
  const pattern = containing(term);
  // Contacts have no spaces. In an index of trigrams a space would be next to any end of theirs.
  if (contacts && !term.includes(' '))
    return { $or: [{ listedNames: { $like: pattern } }, { listedContacts: { $like: pattern } }] };
  if (names.length === 0) return { id: { $in: [] } };
  if (names.length === NAME_ATTRIBUTES.length) return { listedNames: { $like: pattern } };
  return { listedNames: { $like: pattern, $re: withinLines(names, term) } };
}

function groupNameOf(value: string): string {
  if (value !== '' && !/\p{Cc}/u.test(value) && value.isWellFormed()) return value;
  throw new BadUserInputError('The filter `group` is no name of a group.', {
    reason: 'group',
    hint: 'Give the exact name, which has at least one character and none that controls.',
  });
}

function whereGiven<Value, Result>(
  value: Value | null | undefined,
  result: (value: Value) => Result,
): Result | undefined {
  return value === null || value === undefined ? undefined : result(value);
}
