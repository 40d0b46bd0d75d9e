import type { AnyEntity, EntityClass } from '@mikro-orm/core';

/** What a folder of `features/` offers the server. */
export interface Feature {
  /** TypeGraphQL resolver classes. */
  // biome-ignore lint/complexity/noBannedTypes: TypeGraphQL takes classes as functions
  readonly resolvers: readonly Function[];
  /** Entities of its own, for the database. */
  readonly entities?: readonly EntityClass<AnyEntity>[];
}
