import type { AnyEntity, EntityClass, MetadataStorage } from '@mikro-orm/core';
import { isMarked } from '../../../auth/tenant.js';
import type { RuledOptions } from '../../../database/orm-options.js';
import { UnresolvableRulesError } from '../faults.js';
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
    assertResolvable: (metadata) => {
      rules.assertResolvable(metadata);
      assertListed(metadata, marked);
    },
  };
}

/** MikroORM finds by itself what a relation leads to; what is not among the given ones has no filter. */
function assertListed(metadata: MetadataStorage, marked: readonly EntityClass<AnyEntity>[]): void {
  const faults = [...metadata.getAll().values()]
    .filter(
      ({ abstract, prototype }) => !abstract && prototype !== undefined && isMarked(prototype),
    )
    .filter((meta) => !marked.some((entity) => entity === meta.class))
    .map(({ className }) => ({
      coordinate: className,
      problem: 'it is under a row rule, yet no feature has it',
      remedy: `Add ${className} to the \`entities\` of its feature`,
    }));
  if (faults.length > 0) throw new UnresolvableRulesError(faults);
}
