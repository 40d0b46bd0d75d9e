import { glob, readFile, stat } from 'node:fs/promises';
import { type AnyEntity, type EntityClass, MikroORM } from '@mikro-orm/postgresql';
import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { apiSchema } from '../../app.js';
import { ownerMark } from '../../auth/owner.js';
import { readConfig } from '../../config.js';
import { ormOptions } from '../../database/orm-options.js';
import { entities } from '../../features.js';

/** What is there already, and what a new entity may lead to. */
export class Project {
  readonly root: URL;
  readonly #schema: GraphQLSchema;
  readonly #tables: ReadonlySet<string>;
  readonly #modules: ReadonlyMap<string, string>;

  constructor(parts: {
    readonly root: URL;
    readonly schema: GraphQLSchema;
    readonly tables: ReadonlySet<string>;
    readonly modules: ReadonlyMap<string, string>;
  }) {
    this.root = parts.root;
    this.#schema = parts.schema;
    this.#tables = parts.tables;
    this.#modules = parts.modules;
  }

  hasType(name: string): boolean {
    return this.#schema.getType(name) !== undefined;
  }

  hasTable(name: string): boolean {
    return this.#tables.has(name);
  }

  hasField(type: string, field: string): boolean {
    const found = this.#schema.getType(type);
    return isObjectType(found) && found.getFields()[field] !== undefined;
  }

  /** The names of the entities that a relation may lead to. */
  get targets(): readonly string[] {
    return [...this.#modules.keys()];
  }

  /** Where an entity is to be had from, below `src/`; undefined for one that relations cannot lead to. */
  moduleOf(entity: string): string | undefined {
    return this.#modules.get(entity);
  }

  isOwned(entity: string): boolean {
    const found = entities.find(({ name }) => name === entity);
    return found !== undefined && ownerMark(found.prototype) !== undefined;
  }

  /** The field of Query that lists all that the viewer may see of a type. */
  listOf(type: string): string | undefined {
    const fields = Object.values(this.#schema.getQueryType()?.getFields() ?? {});
    return fields.find((field) => getNamedType(field.type).name === `${type}Connection`)?.name;
  }

  async has(path: string): Promise<boolean> {
    return stat(new URL(path, this.root)).then(
      () => true,
      () => false,
    );
  }
}

/** Reads the project that this code is part of. */
export async function readProject(root: URL): Promise<Project> {
  return new Project({
    root,
    schema: apiSchema(readConfig({})),
    tables: await tablesOf(entities),
    modules: await modulesOf(root),
  });
}

async function tablesOf(known: readonly EntityClass<AnyEntity>[]): Promise<ReadonlySet<string>> {
  // The metadata is asked for, the database never.
  const options = await ormOptions({
    location: { url: 'postgres://127.0.0.1/none' },
    entities: known,
  });
  const orm = new MikroORM(options);
  const all = [...orm.getMetadata().getAll().values()];
  return new Set(all.map(({ tableName }) => tableName));
}

async function modulesOf(root: URL): Promise<ReadonlyMap<string, string>> {
  const modules = new Map([['User', 'directory/index.js']]);
  for await (const file of glob('features/*/*.entity.ts', { cwd: new URL('src/', root) })) {
    const source = await readFile(new URL(`src/${file}`, root), 'utf8');
    for (const [, name = ''] of source.matchAll(/^export class (\w+) extends BaseEntity\b/gm))
      modules.set(name, file.replaceAll('\\', '/').replace(/\.ts$/, '.js'));
  }
  return modules;
}
