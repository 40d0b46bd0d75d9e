import type { EntityManager } from '@mikro-orm/postgresql';

/** The name of the filter that holds back the rows that a viewer may not see. */
export const ROWS = 'rows';

/** Whose eyes an EntityManager, and every fork of it, looks through. */
export class RowView {
  /** Undefined: without row rules. */
  readonly viewer: object | undefined;

  constructor(viewer: object | undefined) {
    this.viewer = viewer;
  }

  /** MikroORM copies parameters of filters into forks: the view stays the same one. */
  clone(): this {
    return this;
  }
}

const UNRULED = new RowView(undefined);

/** Has the EntityManager, and its forks, see what the viewer may see. */
export function seeAs(em: EntityManager, viewer: object): void {
  // MikroORM types parameters as plain objects and passes on any.
  em.setFilterParams(ROWS, new RowView(viewer) as never);
}

/** Undefined: nobody has said whose rows they are, and rows under a row rule are not given out. */
export function viewOf(em: Pick<EntityManager, 'getFilterParams'>): RowView | undefined {
  const view: unknown = em.getFilterParams(ROWS);
  return view instanceof RowView ? view : undefined;
}

/**
 * A fork, in the same transaction, which reads and writes rows without regard to whose they are, and may
 * be asked in SQL. What it loads is not the request's: an object is still checked before it is shown.
 * @param reason for the reviewer: why no viewer is to be looked at here, in a sentence.
 */
export function withoutRowRules(em: EntityManager, reason: string): EntityManager {
  if (reason.trim() === '') {
    throw new TypeError(
      "withoutRowRules(em, reason) needs a reason: say why it sees everybody's rows.",
    );
  }
  const fork = em.fork({ keepTransactionContext: true });
  fork.setFilterParams(ROWS, UNRULED as never);
  return fork;
}
