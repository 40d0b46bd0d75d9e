import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AnyEntity, EntityClass, Ref } from '@mikro-orm/core';
import { Collection } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, Property } from '@mikro-orm/decorators/legacy';
import { MikroORM } from '@mikro-orm/postgresql';
import { Query, Resolver } from 'type-graphql';
import { Authorized, Members, Owner, Tenant } from '../../../../src/auth/authorized.js';
import { BaseEntity } from '../../../../src/database/base-entity.js';
import { ormOptions } from '../../../../src/database/orm-options.js';
import { directoryEntities, User } from '../../../../src/directory/index.js';
import { RowRules, ruledDatabase } from '../../../../src/graphql/authorization/index.js';
import { buildSchema } from '../../../../src/graphql/build-schema.js';

@Entity()
class Shelf extends BaseEntity {}

@Entity()
class Book extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => Shelf, ref: true })
  shelf!: Ref<Shelf>;
}

@Entity()
class Hen extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => Egg, ref: true })
  egg!: Ref<Egg>;
}

@Entity()
class Egg extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => Hen, ref: true })
  hen!: Ref<Hen>;
}

@Entity()
class Diary extends BaseEntity {
  @Property({ type: 'text' })
  text!: string;

  @Owner()
  get writer(): string {
    return this.text;
  }
}

@Entity()
class Guild extends BaseEntity {
  @Members()
  @OneToMany({ entity: () => Hall, mappedBy: 'guild' })
  halls = new Collection<Hall>(this);
}

@Entity()
class Hall extends BaseEntity {
  @Tenant()
  @ManyToOne({ entity: () => Guild, ref: true })
  guild!: Ref<Guild>;
}

@Entity()
class Stall extends BaseEntity {
  @Tenant()
  @ManyToOne({ entity: () => Shelf, ref: true })
  shelf!: Ref<Shelf>;
}

@Entity()
class Coat extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => User, ref: true })
  wearer!: Ref<User>;
}

@Entity()
class Pocket extends BaseEntity {
  @ManyToOne({ entity: () => Coat, ref: true })
  coat!: Ref<Coat>;
}

@Resolver()
class NothingResolver {
  @Authorized()
  @Query(() => String, { nullable: true })
  nothing(): null {
    return null;
  }
}

/** As at the start: without a statement. */
async function start(...own: readonly EntityClass<AnyEntity>[]): Promise<void> {
  const entities = [...directoryEntities, Shelf, ...own];
  const rules = ruledDatabase(
    new RowRules(buildSchema({ resolvers: [NothingResolver] })),
    entities,
  );
  const location = { url: 'postgresql://127.0.0.1:1/nowhere' };
  const orm = await MikroORM.init(await ormOptions({ location, entities, rules }));
  rules.assertResolvable(orm.getMetadata());
}

test.each<[string, readonly EntityClass<AnyEntity>[], string]>([
  [
    'leads to what has none',
    [Book],
    '- Book.shelf: @Owner() leads nowhere: Shelf has none. Put it on a relation to User, or put @Owner() on the property of Shelf that leads to one.',
  ],
  [
    'leads in a circle',
    [Hen, Egg],
    '@Owner() leads in a circle, back to Hen. Have one of the entities lead on by another relation.',
  ],
  [
    'stands on no column',
    [Diary],
    '- Diary.writer: @Owner() leads nowhere in the database. Put it on a many-to-one relation',
  ],
  [
    'leads to no organisation',
    [Stall],
    '- Stall.shelf: @Tenant() leads nowhere: Shelf has none. Put it on a relation to an organisation that has @Members(), or put @Tenant()',
  ],
  ['leads to no people', [Guild, Hall], '- Guild.halls: @Members() leads to no users. Put it on'],
])(
  'the start refuses an entity whose decorator %s, and says how to mend it',
  async (_case, own, message) => {
    await expect(start(...own)).rejects.toThrow(message);
  },
);

test('the start refuses an entity under a rule that a relation alone leads to, and no feature has', async () => {
  await expect(start(Pocket)).rejects.toThrow(
    '- Coat: it is under a row rule, yet no feature has it. Add Coat to the `entities` of its feature.',
  );
  await start(Pocket, Coat);
});

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
let folder: string;
// Apart, with the project's own rules: other tests look at what is in `src`.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-lint-'));
  for (const part of ['biome.json', 'lint'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await mkdir(join(folder, 'src/features/notes'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  'em.find(Note, {}, { filters: false })',
  'em.find(Note, {}, { limit: 1, filters: { rows: false } })',
  "em.execute('select 1')",
  "em.getConnection('read').execute('select 1')",
  'em.getDriver().find(Note, {})',
  'em.createQueryBuilder(Note)',
])('the check refuses %s in a feature, and says how to mend it', async (ask) => {
  const file = 'src/features/notes/notes.ts';
  await writeFile(join(folder, file), `export const ask = (em, Note) => ${ask};\n`);
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const lint = promisify(execFile)(process.execPath, [biome, 'lint', '--vcs-enabled=false', file], {
    cwd: folder,
  });
  await expect(lint).rejects.toMatchObject({
    stderr: expect.stringContaining("write withoutRowRules(em, 'why')"),
  });
});
