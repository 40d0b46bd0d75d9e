import { randomBytes } from 'node:crypto';
import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Query, Resolver } from 'type-graphql';
import { Authorized, type AuthorizedRule } from '../../../../src/auth/authorized.js';
import type { Viewer } from '../../../../src/auth/viewer.js';
import { ormOptions } from '../../../../src/database/orm-options.js';
import { seeAs, withoutRowRules } from '../../../../src/database/row-view.js';
import { User } from '../../../../src/directory/index.js';
import { entities } from '../../../../src/features.js';
import { RowRules, ruledDatabase } from '../../../../src/graphql/authorization/index.js';
import { isOwn } from '../../../../src/graphql/authorization/rows/is-own.js';
import { buildSchema } from '../../../../src/graphql/build-schema.js';
import type { Context } from '../../../../src/request/context.js';
import { Cart, companies } from '../../../planted/companies.js';
import { testDatabase } from '../../../support/database.js';
import type { PlantedName } from './rows-of.js';

@Resolver()
class PlantedResolver {
  @Authorized()
  @Query(() => Cart, { nullable: true })
  cart(): null {
    return null;
  }

  @Authorized()
  @Query(() => User, { nullable: true })
  user(): null {
    return null;
  }
}

export type RuleOf = Readonly<Record<PlantedName, AuthorizedRule>>;

/** The rows' rules are those of the schema; here they change while the database stays open. */
class ChangingRules extends RowRules {
  current: RowRules | undefined;

  override assertResolvable(metadata: MetadataStorage): void {
    this.current?.assertResolvable(metadata);
  }

  override of(meta: EntityMetadata, metadata: MetadataStorage) {
    return this.current?.of(meta, metadata);
  }
}

export interface PlantedDatabase {
  readonly orm: MikroORM;
  /** For whatever is done to rows whoever they belong to. */
  all(): EntityManager;
  under(rules: RuleOf): void;
  /** As a request of the viewer has it. */
  as(viewer: Viewer): Context;
  /** As the guard of objects asks. */
  isOwn(object: unknown, viewer: Viewer): boolean;
  readonly statements: string[];
  close(): Promise<void>;
}

export async function plantedDatabase(): Promise<PlantedDatabase> {
  const database = await testDatabase();
  const rules = new ChangingRules(schemaOf(undefined));
  const statements: string[] = [];
  const planted = [...entities, ...companies];
  const orm = await MikroORM.init(
    await ormOptions({
      location: database.location,
      entities: planted,
      rules: ruledDatabase(rules, planted),
      onStatement: ({ sql }) => statements.push(sql),
    }),
  );
  await orm.schema.update({ safe: true });
  const app = { orm, cursorKey: randomBytes(32), config: { limits: { pageSize: 100 } } };
  return {
    orm,
    statements,
    all: () => withoutRowRules(orm.em.fork(), 'a test plants rows and looks at them'),
    under: (given) => {
      rules.current = new RowRules(schemaOf(given));
      rules.current.assertResolvable(orm.getMetadata());
    },
    as: (viewer) => {
      const em = orm.em.fork();
      seeAs(em, viewer);
      // As much of a context as lists look at.
      return { em, viewer, app, requestId: 'test' } as unknown as Context;
    },
    isOwn: (object, viewer) => isOwn(object, viewer, rules),
    close: async () => {
      await orm.close(true);
      await database.drop();
    },
  };
}

function schemaOf(rules: RuleOf | undefined) {
  return buildSchema({
    resolvers: [PlantedResolver],
    orphanedTypes: companies,
    rules: rules ?? {},
  });
}
