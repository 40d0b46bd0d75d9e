import type { AnyEntity, EntityClass } from '@mikro-orm/core';
import { isMarked } from '../../../auth/tenant.js';
import type { RuledOptions } from '../../../database/orm-options.js';
import { rowFilter } from './row-filter.js';
import type { RowRules } from './row-rules.js';
import { RowWrites } from './row-writes.js';
import { ruledEntityManager } from './ruled-entity-manager.js';

/** What a database is opened with so that the rules hold for its rows. */
export function ruledDatabase(
  rules: RowRules,
  entities: readonly EntityClass<AnyEntity>[],
): RuledOptions {
  const marked = entities.filter(({ prototype }) => isMarked(prototype));
  return {
    filters: { rows: rowFilter(rules, marked) },
    subscribers: [new RowWrites(rules)],
    entityManager: ruledEntityManager(rules),
    assertResolvable: (metadata) => rules.assertResolvable(metadata),
  };
}
