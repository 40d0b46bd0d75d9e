import {
  Arg,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Authorized, Public } from '../../../src/auth/authorized.js';
import { Role, STAFF } from '../../../src/auth/role.js';
import type { Viewer } from '../../../src/auth/viewer.js';
import { buildSchema } from '../../../src/graphql/build-schema.js';
import {
  Filter,
  Found,
  Note,
  NoteConnection,
  Order,
  Person,
  Report,
  Server,
  Thing,
} from './fixture-types.js';

export const ada = new Person('ada', 'Ada');
export const uma = new Person('uma', 'Uma');
const people = [ada, uma];
/** How often a resolver of a root field ran. */
export const calls = { count: 0 };

@Resolver()
class QueryResolver {
  @Public('It is on the door.')
  @Query(() => Server)
  server(): Server {
    calls.count++;
    return new Server();
  }

  @Query(() => String)
  hello(): string {
    calls.count++;
    return 'hello';
  }

  @Authorized()
  @Query(() => Person)
  me(@Ctx() { viewer }: { viewer: Viewer }): Person | undefined {
    return people.find(({ id }) => viewer.kind === 'person' && viewer.userId === id);
  }

  @Authorized({ roles: [...STAFF, Role.MEMBER], self: 'id' })
  @Query(() => Person, { nullable: true })
  async person(@Arg('id', () => ID) id: string): Promise<Person | undefined> {
    calls.count++;
    return people.find((person) => id === person.id || id === `${person.id}-subject`);
  }

  @Query(() => [Person])
  people(): Promise<Person>[] {
    return people.map(async (person) => person);
  }

  @Query(() => [Person], { nullable: 'items' })
  peopleOrNull(): Set<Person> {
    return new Set(people);
  }

  @Query(() => Thing, { nullable: true })
  thing(@Arg('id', () => ID) id: string): Thing | undefined {
    return [...people, ...people.map((author) => new Note(author))].find((it) => it.id === id);
  }

  @Query(() => [Thing], { nullable: 'items' })
  things(): Thing[] {
    return people.flatMap((author) => [author, new Note(author)]);
  }

  @Query(() => [Found], { nullable: true })
  found(): (Person | Report)[] {
    return [uma, new Report()];
  }

  @Query(() => NoteConnection)
  notes(): NoteConnection {
    const notes = people.map(async (author) => new Note(author));
    return new NoteConnection(notes, people);
  }

  @Query(() => [String])
  search(
    @Arg('filter', () => Filter, { nullable: true }) filter: Filter | undefined,
    @Arg('order', () => Order, { defaultValue: Order.NEWEST }) order: Order,
    @Authorized({ roles: [Role.ADMIN] })
    @Arg('limit', () => String, { defaultValue: '10' })
    limit: string,
  ): string[] {
    calls.count++;
    return [JSON.stringify(filter ?? null), order, limit];
  }

  @Authorized({ scopes: [['people/read', 'people/list'], ['people/all']] })
  @Query(() => Report)
  byScope(): Report {
    return new Report();
  }

  @Authorized({ roles: [Role.ADMIN], scopes: [['people/all']] })
  @Query(() => String)
  byRoleAndScope(): string {
    return 'both';
  }

  @Authorized({ clients: true })
  @Query(() => Report)
  byAnyClient(): Report {
    return new Report();
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => String)
  rename(@Arg('name', () => String) name: string): string {
    calls.count++;
    return name;
  }

  @Authorized({ roles: [Role.SUPPORT] })
  @Subscription(() => String, { topics: 'ticks' })
  ticks(): string {
    return 'tick';
  }
}

@Resolver(() => Person)
class PersonResolver {
  /** On the method alone: type-graphql would leave the rule of the argument behind. */
  @Authorized({ roles: [...STAFF], owner: true })
  @FieldResolver(() => [Note], { nullable: 'items' })
  notes(
    @Root() author: Person,
    @Authorized({ roles: [Role.ADMIN] })
    @Arg('archived', () => Boolean, { nullable: true })
    _archived: boolean | undefined,
  ): Note[] {
    return [new Note(author)];
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** A schema with every combination of rules and positions. */
export const schema = buildSchema({
  resolvers: [QueryResolver, PersonResolver],
  pubSub: { publish: () => {}, subscribe: () => nothing() },
  rules: { 'Report.title': { clients: true } },
  explain: (viewer) => viewer.kind === 'person' && viewer.roles.has(Role.ADMIN),
});
