import {
  type EntityData,
  type EntityName,
  type FilterOptions,
  type FilterQuery,
  type UpdateOptions,
  Utils,
} from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '../../../auth/viewer.js';
import type { RuledOptions } from '../../../database/orm-options.js';
import { ROWS, viewOf } from '../../../database/row-view.js';
import { refuseReassigning } from './row-refusals.js';
import type { RowRules } from './row-rules.js';
import type { RuledEntity } from './ruled-entity.js';

/** What goes past the filter of rows was asked of an EntityManager that a viewer looks through. */
export class PastRowRulesError extends Error {
  constructor(what: string, instead: string) {
    super(
      `${what} goes past the row rules: ${instead}, or use \`withoutRowRules(em, 'why')\` where no viewer is to be looked at.`,
    );
    this.name = 'PastRowRulesError';
  }
}

const given = new WeakSet<object>();

/** Whether an entity says of itself, not of the database, that it is there: whose it is has to be asked. */
export function isGiven(entity: object): boolean {
  return given.has(entity);
}

/** Rows are written by a flush, which looks at each of them. */
const UNCHECKED = ['insert', 'insertMany', 'upsert', 'upsertMany', 'clone'] as const;

/**
 * MikroORM's EntityManager without its ways around a filter: no option switches it off, what would be written
 * unseen is refused, and no result is kept that another viewer would be given.
 */
export function ruledEntityManager(rules: RowRules): NonNullable<RuledOptions['entityManager']> {
  class RuledEntityManager extends EntityManager {
    override async applyFilters<Entity extends object>(
      entityName: EntityName<Entity>,
      where: FilterQuery<Entity> | undefined,
      options: FilterOptions | undefined,
      type: 'read' | 'update' | 'delete',
      findOptions?: Parameters<EntityManager['applyFilters']>[4],
    ): Promise<FilterQuery<Entity> | undefined> {
      if (isSwitchedOff(options) && ruledFor(this, entityName) !== undefined)
        throw new PastRowRulesError('A filter that is switched off', 'leave `filters` out');
      return super.applyFilters(entityName, where, options, type, findOptions);
    }

    override async nativeUpdate<Entity extends object>(
      entityName: EntityName<Entity>,
      where: FilterQuery<NoInfer<Entity>>,
      data: EntityData<Entity>,
      options?: UpdateOptions<Entity>,
    ): Promise<number> {
      const ruled = ruledFor(this, entityName);
      if (ruled !== undefined) refuseReassigning(ruled.entity, ruled.viewer, Object.keys(data));
      return super.nativeUpdate(entityName, where, data, options);
    }

    override async tryCache<T extends object, R>(
      entityName: EntityName<T>,
      config: boolean | number | [string, number] | undefined,
      key: unknown,
      refresh?: boolean,
      merge?: boolean,
    ): Promise<{ data?: R | null; key: string } | undefined> {
      // Relations that are loaded along may be under a rule where the entity is not.
      if (config !== undefined && config !== false && viewerOf(this) !== undefined)
        throw new PastRowRulesError('A result that is kept', 'leave `cache` out');
      return super.tryCache(entityName, config, key, refresh, merge);
    }
  }
  for (const name of UNCHECKED) {
    const unchecked: unknown = EntityManager.prototype[name];
    if (typeof unchecked !== 'function') continue;
    Object.defineProperty(RuledEntityManager.prototype, name, {
      async value(this: EntityManager, ...args: readonly [unknown, ...unknown[]]) {
        for (const entityName of classesOf(args[0]))
          if (ruledFor(this, entityName) !== undefined)
            throw new PastRowRulesError(`\`${name}\``, 'use `create` or `assign`, and `flush`');
        return Reflect.apply(unchecked, this, args);
      },
    });
  }

  // `map` merges, too.
  for (const name of ['merge', 'create'] as const) {
    const making: unknown = EntityManager.prototype[name];
    if (typeof making !== 'function') continue;
    Object.defineProperty(RuledEntityManager.prototype, name, {
      value(this: EntityManager, ...args: readonly unknown[]) {
        const made: object = Reflect.apply(making, this, args);
        if (name === 'merge' || isManaged(args[2])) given.add(made);
        return made;
      },
    });
  }

  /** The entity, where it is under a rule and somebody looks. */
  function ruledFor(
    em: EntityManager,
    entityName: EntityName,
  ): { readonly entity: RuledEntity; readonly viewer: Viewer } | undefined {
    const viewer = viewerOf(em);
    if (viewer === undefined) return undefined;
    const metadata = em.getMetadata();
    const entity = rules.of(metadata.get(entityName), metadata);
    return entity && { entity, viewer };
  }

  return RuledEntityManager;
}

function viewerOf(em: EntityManager): Viewer | undefined {
  // What is seen as is a viewer: see `Viewers`.
  return viewOf(em)?.viewer as Viewer | undefined;
}

/** As MikroORM reads its option `filters`. */
function isSwitchedOff(options: FilterOptions | undefined): boolean {
  if (options === false) return true;
  return Utils.isPlainObject(options) && Reflect.get(options, ROWS) === false;
}

/** As MikroORM reads `create`'s option `managed`. */
function isManaged(options: unknown): boolean {
  return (
    typeof options === 'object' && options !== null && Reflect.get(options, 'managed') === true
  );
}

/** Of an entity's class, an entity, or several entities. */
function classesOf(given: unknown): readonly EntityName[] {
  const first: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof first === 'function') return [first as EntityName];
  return Utils.isEntity<object>(first) ? [first.constructor as EntityName] : [];
}
