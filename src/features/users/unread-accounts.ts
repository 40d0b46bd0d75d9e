import { withoutRowRules } from '../../database/row-view.js';
import type { Context } from '../../request/context.js';
import { addWarning } from '../../request/warnings.js';
import type { UserListInput } from './user-list.js';
import { UserOrderField } from './user-order.inputs.js';

/** Of what some accounts were never read. */
interface Unread {
  readonly profiles: boolean;
  readonly groups: boolean;
}

/**
 * Warns where a list depends on what the mirror lacks of some accounts, since nothing may be left out in
 * silence: one statement of two indexes that are empty as a rule, and none for a list that asks for nothing.
 */
export async function warnOfUnread(needed: Unread, context: Context): Promise<void> {
  if (!needed.profiles && !needed.groups) return;
  const [unread] = await withoutRowRules(
    context.em,
    'it tells no more than whether some account was never read',
  )
    .getConnection('read')
    .execute<Unread[]>(
      `select exists (select from app_user
                    where listed_names is null and listed_identity_id is not null) as profiles,
            exists (select from app_user
                    where listed_groups is null and listed_identity_id is not null) as groups`,
    );
  const missing = [
    ...(needed.profiles && unread?.profiles ? ['attributes'] : []),
    ...(needed.groups && unread?.groups ? ['groups'] : []),
  ];
  if (missing.length === 0) return;
  addWarning(context, {
    code: 'FILTER_INCOMPLETE',
    message: `The ${missing.join(' and ')} of some accounts were not read from the user pool yet: the list may lack some, or have them in another place.`,
  });
}

const OF_THE_DIRECTORY = new Set([
  'createdAfter',
  'createdBefore',
  'lastSeenAfter',
  'lastSeenBefore',
]);
const ORDERS_OF_THE_DIRECTORY = new Set([UserOrderField.CREATED_AT, UserOrderField.LAST_SEEN_AT]);

/** What of accounts a list depends on. */
export function neededFor({ filter = {}, orderBy }: UserListInput): Unread {
  const given = Object.entries(filter)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name]) => name);
  const isOfProfiles = (name: string) => name !== 'group' && !OF_THE_DIRECTORY.has(name);
  const ordered = orderBy !== undefined && !ORDERS_OF_THE_DIRECTORY.has(orderBy.field);
  return { profiles: ordered || given.some(isOfProfiles), groups: given.includes('group') };
}
