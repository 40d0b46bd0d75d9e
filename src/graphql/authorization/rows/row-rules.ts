import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import type { GraphQLSchema } from 'graphql';
import { isMarked } from '../../../auth/tenant.js';
import { builtOnce } from '../../../request/per-request.js';
import { type Fault, UnresolvableRulesError } from '../faults.js';
import { type RuledEntity, ruledEntity } from './ruled-entity.js';

type Ruled = ReadonlyMap<unknown, RuledEntity>;

/** The rules of rows: those of the schema's object types, for the entities behind them. */
export class RowRules {
  readonly #schema: GraphQLSchema;
  readonly #byClass = new Map<unknown, RuledEntity>();
  readonly #ruled = builtOnce((metadata: MetadataStorage): Ruled => this.#resolve(metadata));

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @throws UnresolvableRulesError for a path that leads nowhere or in a circle. */
  assertResolvable(metadata: MetadataStorage): void {
    this.#ruled(metadata);
  }

  /** Undefined for an entity whose rows are nobody's. */
  of(meta: EntityMetadata, metadata: MetadataStorage): RuledEntity | undefined {
    return this.#ruled(metadata).get(meta.class);
  }

  /** Of a row without an entity manager, which could tell of its metadata. */
  ofLoose({ class: entity }: EntityMetadata): RuledEntity | undefined {
    return this.#byClass.get(entity);
  }

  #resolve(metadata: MetadataStorage): Ruled {
    const faults = new Map<string, Fault>();
    const ruled = new Map<unknown, RuledEntity>();
    for (const meta of metadata.getAll().values()) {
      if (meta.abstract || meta.embeddable || meta.prototype === undefined) continue;
      if (!isMarked(meta.prototype)) continue;
      const entity = ruledEntity(meta, this.#schema);
      if ('meta' in entity) ruled.set(meta.class, entity);
      else for (const fault of entity) faults.set(`${fault.coordinate} ${fault.problem}`, fault);
    }
    if (faults.size > 0) throw new UnresolvableRulesError([...faults.values()]);
    for (const [entity, rules] of ruled) this.#byClass.set(entity, rules);
    return ruled;
  }
}

/** One for each schema. */
export const rowRulesOf = builtOnce((schema: GraphQLSchema) => new RowRules(schema));
