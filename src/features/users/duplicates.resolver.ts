import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { type DuplicateKey, duplicatesOf } from '../../directory/index.js';
import { cursorSealOf, directionOf, ForwardPageArgs } from '../../graphql/pagination/index.js';
import type { Context } from '../../request/context.js';
import { DuplicateConnection, DuplicateField } from './duplicates.types.js';
import { warnOfUnread } from './unread-accounts.js';

const KEYS = {
  EMAIL: 'email_key',
  PHONE_NUMBER: 'phone_key',
} as const satisfies Record<DuplicateField, DuplicateKey>;

@Resolver()
export class DuplicatesResolver {
  @Authorized({ roles: [...STAFF] })
  @Query(() => DuplicateConnection, {
    description:
      'E-mail addresses or phone numbers that more than one account has, in any pools, by value; as the mirror has them.',
  })
  async duplicates(
    @Arg('by', () => DuplicateField, { defaultValue: DuplicateField.EMAIL }) by: DuplicateField,
    @Args(() => ForwardPageArgs) { first, after }: ForwardPageArgs,
    @Ctx() context: Context,
  ): Promise<DuplicateConnection> {
    const { em, app } = context;
    const size = sizeOf(first, app.config.limits.pageSize);
    const seal = cursorSealOf(app);
    const belongsTo = JSON.stringify(['duplicates', by]);
    const from = after == null ? undefined : seal.open(after, belongsTo);
    const [found] = await Promise.all([
      duplicatesOf(em, app, { by: KEYS[by], after: from, limit: size + 1 }),
      warnOfUnread({ profiles: true, groups: false }, context),
    ]);
    const nodes = found.slice(0, size);
    const edges = nodes.map((node) => ({ node, cursor: seal.seal(node.value, belongsTo) }));
    return {
      nodes,
      edges,
      pageInfo: {
        hasNextPage: found.length > size,
        hasPreviousPage: from !== undefined,
        startCursor: edges.at(0)?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }
}

/** @throws BadUserInputError for a size that no page has. */
function sizeOf(first: number | null | undefined, most: number): number {
  const direction = directionOf({ first: first ?? null }, most);
  return 'first' in direction ? direction.first : 0;
}
