import type { AnyEntity, EntityClass } from '@mikro-orm/core';
import type { JobKind } from '../jobs/job-kind.js';
import type { App } from './app.js';

/** What a folder of `features/` offers the server. */
export interface Feature {
  /** TypeGraphQL resolver classes. */
  // biome-ignore lint/complexity/noBannedTypes: TypeGraphQL takes classes as functions
  readonly resolvers: readonly Function[];
  /** Entities of its own, for the database. */
  readonly entities?: readonly EntityClass<AnyEntity>[];
  /** Kinds of work that it does outside of requests; what repeats is seen to from the start, under the key ''. */
  readonly jobs?: (app: App) => readonly JobKind[];
}
