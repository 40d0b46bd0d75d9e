import type { GraphQLResolveInfo } from 'graphql';
import { isInterfaceType } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { type BaseEntity, Node } from '../../database/base-entity.js';
import { withoutRowRules } from '../../database/row-view.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';

@Resolver()
export class NodeResolver {
  @Authorized({ clients: true })
  @Query(() => Node, {
    nullable: true,
    description: 'Whatever has this id, if the rule of its type lets the viewer see it.',
  })
  node(
    @Arg('id', () => ID) id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    return findNode(uuidOf('id', id), context, info);
  }
}

/** One statement finds the table that has the id, a second one the row. */
async function findNode(id: string, { em }: Context, { schema }: GraphQLResolveInfo) {
  const type = schema.getType('Node');
  if (!isInterfaceType(type)) return null;
  const names = new Set(schema.getPossibleTypes(type).map(({ name }) => name));
  const entities = [...em.getMetadata().getAll().values()].filter(({ className }) =>
    names.has(className),
  );
  const searches = entities.map(
    ({ className, tableName }) => `select '${className}' as name from "${tableName}" where id = ?`,
  );
  const [found] = await withoutRowRules(
    em,
    'the table alone is looked for; the row is found by its rule',
  ).execute<{ name: string }[]>(
    searches.join(' union all '),
    searches.map(() => id),
  );
  const entity = entities.find(({ className }) => className === found?.name);
  if (entity === undefined) return null;
  return em.findOne<BaseEntity>(entity.class, { id });
}
