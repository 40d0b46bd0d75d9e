import type { EntityMetadata } from '@mikro-orm/core';
import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { isMarked } from '../../src/auth/tenant.js';
import { User } from '../../src/directory/index.js';
import { classesOf } from '../../src/graphql/authorization/classes.js';
import type { Person, TestApi } from './api.js';
import { keptRow } from './rows.js';

export type Whose = 'own' | 'other';

/** The entities of a schema, and a row of each for the owner and for somebody else, made when it is asked for. */
export class ProbedRows {
  readonly people: Readonly<Record<Whose, Person>>;
  readonly #api: TestApi;
  readonly #entities: ReadonlyMap<string, EntityMetadata>;
  readonly #ids = new Map<string, string>();
  /** Rows that are there for sure. */
  readonly #there = new Set<string>();

  constructor(api: TestApi, schema: GraphQLSchema, people: Readonly<Record<Whose, Person>>) {
    this.#api = api;
    this.people = people;
    const node = schema.getType('Node');
    const types = isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
    const { orm } = api.server.app;
    this.#entities = new Map(
      types.flatMap((type) => {
        const [entity] = classesOf(type).filter((target) => orm.getMetadata().has(target));
        return entity === undefined ? [] : [[type.name, orm.getMetadata(entity)] as const];
      }),
    );
  }

  /** The names of the object types that are entities. */
  get types(): readonly string[] {
    return [...this.#entities.keys()];
  }

  entity(type: string): EntityMetadata | undefined {
    return this.#entities.get(type);
  }

  /** The type of the entities that a property leads to, if it is a relation. */
  targetOf(type: string, property: string): string | undefined {
    const target = this.entity(type)?.props.find(({ name }) => name === property)?.targetMeta;
    return this.types.find((name) => target !== undefined && this.entity(name) === target);
  }

  /** The id of a row, made anew where it is gone. */
  async idOf(type: string, whose: Whose): Promise<string> {
    const person = this.people[whose];
    const meta = this.#known(type);
    if (meta.class === User) return person.id;
    const isOwned = isMarked(meta.prototype);
    const key = isOwned ? `${type} ${whose}` : type;
    const known = this.#ids.get(key);
    if (known !== undefined && (await this.#isThere(type, known))) return known;
    const given = isOwned ? { owner: person } : {};
    const row = await this.#api.row(meta.class, given, 'every');
    const id: unknown = Reflect.get(row, 'id');
    if (typeof id !== 'string') throw new TypeError(`A ${type} has no id.`);
    this.#ids.set(key, id);
    this.#there.add(id);
    return id;
  }

  /** To be called when rows may be gone. */
  doubt(): void {
    this.#there.clear();
  }

  async #isThere(type: string, id: string): Promise<boolean> {
    if (this.#there.has(id)) return true;
    const isThere = (await this.current(type, id)) !== undefined;
    if (isThere) this.#there.add(id);
    return isThere;
  }

  /** The whole row as a text; undefined where it is gone. What is kept of people changes behind their requests. */
  async current(type: string, id: string): Promise<string | undefined> {
    const meta = this.#known(type);
    return meta.class === User ? id : keptRow(this.#api.server.app.orm, meta, id);
  }

  #known(type: string): EntityMetadata {
    const meta = this.entity(type);
    if (meta === undefined) throw new Error(`${type} is no entity.`);
    return meta;
  }
}
