import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { buildSchema as parseSdl } from 'graphql';
import { Arg, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { Authorized, OnDenied, Owner, Public } from '../../src/auth/authorized.js';
import { Role, STAFF } from '../../src/auth/role.js';
import { buildSchema } from '../../src/graphql/build-schema.js';
import { printSchema } from '../../src/graphql/print-schema.js';

@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ description: 'What somebody wrote.' })
class Page {
  @Owner()
  authorId!: string;

  @Field(() => String, { nullable: true })
  text?: string;

  @Authorized({ scopes: [['a', 'b'], ['c']], onDenied: OnDenied.NULL })
  @Field(() => String, { nullable: true, description: 'Not\nfor all.' })
  draft?: string;
}

@InputType()
class Words {
  @Authorized({ roles: [Role.ADMIN, Role.SUPPORT, Role.MEMBER], clients: true })
  @Field(() => String, { nullable: true })
  some?: string;
}

@Resolver()
class PageResolver {
  @Query(() => Page)
  page(
    @Authorized({ roles: [Role.ADMIN] })
    @Arg('words', () => Words, { nullable: true, description: 'Which.' })
    _words: Words | undefined,
  ): undefined {}

  @Authorized({ self: 'id' })
  @Query(() => String, { description: 'A greeting.' })
  greeting(@Arg('id', () => ID) id: string): string {
    return id;
  }

  @Public('Says "hello" only.')
  @Query(() => String)
  hello(): string {
    return 'hello';
  }
}

const sdl = printSchema(buildSchema({ resolvers: [PageResolver] }));

test('the SDL shows costs and every rule, the implied one too, and descriptions end with it', () => {
  expect(sdl.slice(sdl.indexOf('"""\nWhat somebody'))).toBe(`"""
What somebody wrote.

Requires: ADMIN or SUPPORT, or the owner.
"""
type Page @authorized(roles: [ADMIN, SUPPORT], owner: true) {
  """
  Not
  for all.

  Cost: 1.

  Requires: a signed-in person; with scope a and b, or c, which alone admits a machine client; null otherwise.
  """
  draft: String @authorized(scopes: [["a", "b"], ["c"]], onDenied: NULL)
  """Cost: 1."""
  text: String
}

type Query {
  """
  A greeting.

  Cost: 1.

  Requires: oneself as \`id\`.
  """
  greeting(id: ID!): String! @authorized(self: "id")
  """
  Cost: 1.

  Public: Says "hello" only.
  """
  hello: String! @public(reason: "Says \\"hello\\" only.")
  """
  Cost: 1 + what is selected.

  Requires: a signed-in person.
  """
  page(
    """
    Which.

    Requires: ADMIN.
    """
    words: Words @authorized(roles: [ADMIN])
  ): Page! @authorized
}

"""
What a viewer may be, by pool group (people) or scope (machine clients).
"""
enum Role {
  """May do everything."""
  ADMIN
  """May see other people's public profiles."""
  MEMBER
  """May see every account."""
  SUPPORT
}

input Words {
  """Requires: ADMIN, SUPPORT or MEMBER, or any machine client."""
  some: String @authorized(roles: [ADMIN, SUPPORT, MEMBER], clients: true)
}
`);
});

test('the SDL is sorted, stable, ends with one newline and has no trailing blanks', () => {
  expect(printSchema(buildSchema({ resolvers: [PageResolver] }))).toBe(sdl);
  expect(sdl).toMatch(/[^\n]\n$/);
  expect(sdl).not.toMatch(/[ \t]$/m);
});

test('the SDL is a schema that graphql-js reads, with the definitions of the directives', () => {
  const read = parseSdl(sdl);
  expect(read.getDirective('public')?.args.map(({ name }) => name)).toEqual(['reason']);
  expect(read.getDirective('authorized')?.args.map((arg) => `${arg.name}: ${arg.type}`)).toEqual([
    'clients: Boolean',
    'onDenied: OnDenied',
    'owner: Boolean',
    'roles: [Role!]',
    'scopes: [[String!]!]',
    'self: String',
  ]);
  expect(read.getDirective('authorized')?.locations).toEqual([
    'ARGUMENT_DEFINITION',
    'ENUM_VALUE',
    'FIELD_DEFINITION',
    'INPUT_FIELD_DEFINITION',
    'OBJECT',
  ]);
});
