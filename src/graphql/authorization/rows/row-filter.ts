import type { Dictionary, EntityName, FilterDef, MetadataStorage } from '@mikro-orm/core';
import type { Viewer } from '../../../auth/viewer.js';
import { ROWS, RowView } from '../../../database/row-view.js';
import { type Condition, rowCondition } from './row-condition.js';
import type { RowRules } from './row-rules.js';

interface Reader {
  getMetadata(): MetadataStorage;
}

/** Holds back, in whatever MikroORM reads, changes or deletes, the rows that are not for the viewer. */
export function rowFilter(rules: RowRules, entities: readonly EntityName[]): FilterDef {
  return {
    name: ROWS,
    default: true,
    entity: [...entities],
    // Who has no viewer is told so here, not by MikroORM.
    args: false,
    cond: (view: Dictionary, type, em: Reader, _options, entityName = ''): Condition => {
      const viewer = viewerIn(view, entityName);
      const metadata = em.getMetadata();
      const entity = rules.of(metadata.getByClassName(entityName), metadata);
      if (viewer === undefined || entity === undefined) return {};
      return rowCondition(entity, viewer, type === 'read' ? 'read' : 'write');
    },
  };
}

/** Undefined: without row rules. */
function viewerIn(view: unknown, entityName: string): Viewer | undefined {
  // Only what directory and tests see as is put there, and that are viewers.
  if (view instanceof RowView) return view.viewer as Viewer | undefined;
  throw new NobodyLooksError(entityName);
}

/** An EntityManager that nobody looks through was asked for rows that belong to somebody. */
export class NobodyLooksError extends Error {
  constructor(entityName: string) {
    super(
      `${entityName} is under a row rule, and this EntityManager has no viewer. Use the request's \`context.em\`, or \`withoutRowRules(em, 'why')\` where no viewer is to be looked at.`,
    );
    this.name = 'NobodyLooksError';
  }
}
