import type { AnyEntity, EntityClass } from '@mikro-orm/core';
import type { GraphQLSchema } from 'graphql';
import type { RuledOptions } from '../../../database/orm-options.js';
import { rowFilter } from './row-filter.js';
import { rowRulesOf } from './row-rules.js';
import { isMarked } from './ruled-entity.js';

/** What a database is opened with so that the schema's rules hold for its rows. */
export function ruledDatabase(
  schema: GraphQLSchema,
  entities: readonly EntityClass<AnyEntity>[],
): RuledOptions {
  const rules = rowRulesOf(schema);
  const marked = entities.filter(({ prototype }) => isMarked(prototype));
  return {
    filters: { rows: rowFilter(rules, marked) },
    assertResolvable: (metadata) => rules.assertResolvable(metadata),
  };
}
