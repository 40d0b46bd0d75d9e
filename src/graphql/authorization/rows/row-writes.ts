import {
  type AnyEntity,
  type ChangeSet,
  ChangeSetType,
  type EventSubscriber,
  type FlushEventArgs,
  helper,
  type MetadataStorage,
  Reference,
  Utils,
} from '@mikro-orm/core';
import { membersMark } from '../../../auth/tenant.js';
import type { Viewer } from '../../../auth/viewer.js';
import { viewOf } from '../../../database/row-view.js';
import { NotFoundError } from '../../../errors.js';
import type { RowPath } from './row-path.js';
import { RowQuestions } from './row-questions.js';
import { refuseOthers, refuseOwnerless, refuseReassigning, refuseWrite } from './row-refusals.js';
import type { RowRules } from './row-rules.js';
import { isDirect, type RuledEntity, rowStanding } from './ruled-entity.js';
import { isGiven } from './ruled-entity-manager.js';

/** Looks at each row that a flush is about to write. */
export class RowWrites implements EventSubscriber {
  readonly #rules: RowRules;

  constructor(rules: RowRules) {
    this.#rules = rules;
  }

  /** @throws ForbiddenError, NotFoundError, BadUserInputError, UnauthenticatedError */
  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    // What is seen as is a viewer: see `Viewers`.
    const viewer = viewOf(em)?.viewer as Viewer | undefined;
    if (viewer === undefined) return;
    const flush = new Flush(viewer, this.#rules, em.getMetadata(), uow.getChangeSets());
    flush.giveOwners((entity, property, userId) => {
      em.assign(entity, { [property]: userId });
      uow.recomputeSingleChangeSet(entity);
    });
    const questions = flush.questions(uow.getCollectionUpdates());
    if (viewer.kind === 'person') await questions.settle(em, viewer.userId);
  }
}

type Change = ChangeSet<AnyEntity>;

class Flush {
  readonly #viewer: Viewer;
  readonly #rules: RowRules;
  readonly #metadata: MetadataStorage;
  readonly #changes: readonly Change[];
  readonly #created: ReadonlySet<unknown>;
  readonly #questions = new RowQuestions();

  constructor(
    viewer: Viewer,
    rules: RowRules,
    metadata: MetadataStorage,
    changes: readonly Change[],
  ) {
    this.#viewer = viewer;
    this.#rules = rules;
    this.#metadata = metadata;
    this.#changes = changes;
    this.#created = new Set(
      changes.filter(({ type }) => type === ChangeSetType.CREATE).map(({ entity }) => entity),
    );
  }

  /** What a person makes and says of nobody is theirs. */
  giveOwners(give: (entity: AnyEntity, property: string, userId: string) => void): void {
    for (const { entity, type } of this.#changes) {
      const ruled = this.#ruled(entity);
      if (type !== ChangeSetType.CREATE || ruled === undefined) continue;
      for (const { decorator, among, property } of ruled.paths) {
        if (decorator !== '@Owner()' || among !== undefined || entity[property.name] != null)
          continue;
        if (this.#viewer.kind === 'person') give(entity, property.name, this.#viewer.userId);
        else if (this.#viewer.kind === 'client') refuseOwnerless(ruled);
      }
    }
  }

  /** Settles what can be told from the rows at hand; the rest is asked. */
  questions(collections: readonly MembersChange[]): RowQuestions {
    for (const { entity, type, payload } of this.#changes) {
      const ruled = this.#ruled(entity);
      if (ruled === undefined) continue;
      if (type === ChangeSetType.CREATE) {
        this.#admitNew(entity, ruled);
        continue;
      }
      if (type === ChangeSetType.UPDATE || type === ChangeSetType.UPDATE_EARLY)
        refuseReassigning(ruled, this.#viewer, Object.keys(payload));
      this.#admitOld(entity, ruled);
    }
    for (const organisation of collections.flatMap(organisationsIn)) {
      const ruled = this.#ruled(organisation);
      if (ruled !== undefined && !this.#created.has(organisation))
        this.#admitOld(organisation, ruled);
    }
    return this.#questions;
  }

  #admitNew(entity: AnyEntity, ruled: RuledEntity): void {
    if (this.#passes(ruled)) return;
    for (const path of ruled.paths) this.#admitOnPath(entity, path);
  }

  /** Through whatever is made along with it, up to what is there already. */
  #admitOnPath(entity: AnyEntity, path: RowPath): void {
    // Who makes an organisation need not belong to it yet.
    if (path.decorator === '@Members()') return;
    const value: unknown = Reference.unwrapReference(entity[path.property.name] ?? null);
    const id = idOf(value);
    if (path.among === undefined) {
      if (this.#viewer.kind !== 'person' || id !== this.#viewer.userId) refuseOthers();
      return;
    }
    if (id === undefined) refuseOthers();
    if (!Utils.isEntity<AnyEntity>(value) || !this.#created.has(value)) {
      this.#questions.askParent(path, id, refuseOthers);
      return;
    }
    if (path.decorator === '@Tenant()' && membersMark(value)) return;
    const further = this.#ruled(value)?.paths.find(({ decorator }) => decorator === path.decorator);
    if (further === undefined) refuseOthers();
    this.#admitOnPath(value, further);
  }

  #admitOld(entity: AnyEntity, ruled: RuledEntity): void {
    if (this.#passes(ruled)) return;
    const { __em: em, __initialized: initialized, __originalEntityData: original } = helper(entity);
    const id = idOf(entity) ?? '';
    const isLoaded = initialized && original !== undefined && !isGiven(entity);
    const refuse = () => (isLoaded ? refuseOthers() : refuseUnseen(ruled));
    const [path] = ruled.paths;
    if (isLoaded && path !== undefined && isDirect(ruled)) {
      const owner = idOf(Reflect.get(original, path.property.name));
      if (this.#viewer.kind !== 'person' || owner !== this.#viewer.userId) refuse();
      return;
    }
    // It came through a filter that asks for as much as is asked here.
    const isSeenAsOwn = rowStanding(ruled, this.#viewer, 'read').kind === 'own';
    if (isLoaded && isSeenAsOwn && em && viewOf(em)?.viewer === this.#viewer) return;
    this.#questions.askRow(ruled, id, refuse);
  }

  /** @throws where no row could be the viewer's to write */
  #passes(ruled: RuledEntity): boolean {
    const standing = rowStanding(ruled, this.#viewer, 'write');
    if (standing.kind === 'refused') refuseWrite(standing.lack);
    return standing.kind === 'passes';
  }

  #ruled(entity: AnyEntity): RuledEntity | undefined {
    return this.#rules.of(helper(entity).__meta, this.#metadata);
  }
}

type MembersChange = ReturnType<FlushEventArgs['uow']['getCollectionUpdates']>[number];

/** Organisations of which the members change, whichever end of the relation is written. */
function organisationsIn(collection: MembersChange): readonly AnyEntity[] {
  const { owner, property } = collection;
  return [owner, ...collection.getItems(false)].filter((entity) => {
    const members = membersMark(entity)?.property;
    const relation = helper(entity).__meta.props.find(({ name }) => name === members);
    return relation !== undefined && relation.pivotEntity === property.pivotEntity;
  });
}

function refuseUnseen({ meta }: RuledEntity): never {
  throw new NotFoundError(`There is no such ${meta.className}.`, { reason: 'row' });
}

function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const entity: unknown = Reference.unwrapReference(Object(value));
  if (!Utils.isEntity<AnyEntity>(entity)) return undefined;
  const key: unknown = helper(entity).getPrimaryKey();
  return typeof key === 'string' ? key : undefined;
}
