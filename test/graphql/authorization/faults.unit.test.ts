import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  Arg,
  Args,
  ArgsType,
  type ClassType,
  Directive,
  Field,
  ID,
  InputType,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import {
  Authorized,
  type AuthorizedRule,
  authorizedEnumValues,
  OnDenied,
  Owner,
  Public,
} from '../../../src/auth/authorized.js';
import { Role } from '../../../src/auth/role.js';
import { UnresolvableRulesError } from '../../../src/graphql/authorization/index.js';
import { buildSchema } from '../../../src/graphql/build-schema.js';

/** A rule as JavaScript, or a mistaken cast, could write it. */
const mistaken = (rule: object) => rule as AuthorizedRule;

function faultsOf(resolver: ClassType, rules: Readonly<Record<string, AuthorizedRule>> = {}) {
  try {
    buildSchema({ resolvers: [resolver], rules });
    return [];
  } catch (error) {
    if (error instanceof UnresolvableRulesError) return error.message.split('\n').slice(1);
    throw error;
  }
}

@ObjectType()
class Ownerless {
  @Field(() => String, { nullable: true })
  text?: string;

  @Field(() => String)
  always!: string;
}

@ObjectType()
class Owned {
  @Owner()
  userId!: string;

  @Field(() => String)
  text!: string;
}

@InputType()
class Wish {
  @Field(() => String, { nullable: true })
  text?: string;
}

enum Colour {
  RED = 'RED',
}
registerEnumType(Colour, { name: 'Colour' });

@Resolver()
class Plain {
  @Query(() => Ownerless, { nullable: true })
  ownerless(
    @Arg('id', () => ID) _id: string,
    @Arg('ids', () => [ID]) _ids: string[],
    @Arg('wish', () => Wish) _wish: Wish,
    @Arg('colour', () => Colour) _colour: Colour,
  ): undefined {}

  @Query(() => Owned)
  owned(): undefined {}

  @Query(() => [Owned], { nullable: 'items' })
  manyOwned(): undefined {}
}

describe('a server does not start on a rule', () => {
  test.each<[string, string, AuthorizedRule, string]>([
    ['for nothing in the schema', 'Ownerless.nothing', {}, 'the schema has no such thing'],
    ['for no coordinate at all', 'anything you like', {}, 'the schema has no such thing'],
    [
      'with an empty list of roles',
      'Query.owned',
      { roles: [] },
      'roles: an empty list lets nobody pass',
    ],
    [
      'with an unknown role',
      'Query.owned',
      mistaken({ roles: ['KING'] }),
      'there is no role "KING"; there are ADMIN, SUPPORT, MEMBER',
    ],
    [
      'with a role that is no name',
      'Query.owned',
      mistaken({ roles: ['A DMIN'] }),
      'there is no role "A DMIN"',
    ],
    [
      'with an empty list of scopes',
      'Query.owned',
      { scopes: [] },
      'scopes: an empty list lets nobody pass',
    ],
    [
      'with an empty set of scopes',
      'Query.owned',
      { scopes: [[]] },
      'scopes: an empty set of scopes holds always',
    ],
    [
      'with a blank scope',
      'Query.owned',
      { scopes: [['a', '']] },
      'a scope is one word without spaces',
    ],
    [
      'with two scopes in a string',
      'Query.owned',
      { scopes: [['a b']] },
      'a scope is one word without spaces',
    ],
    [
      'with an unknown onDenied',
      'Owned.text',
      mistaken({ onDenied: 'SILENCE' }),
      'write ERROR or NULL',
    ],
    [
      'by owner on a type without @Owner',
      'Ownerless',
      { owner: true },
      'the class of Ownerless has no @Owner()',
    ],
    [
      'by owner on a field of such a type',
      'Ownerless.text',
      { owner: true },
      'the class of Ownerless has no @Owner()',
    ],
    [
      'by owner on a root field without self',
      'Query.owned',
      { owner: true },
      'owner has no object to look at here',
    ],
    [
      'by owner on an argument',
      'Query.ownerless(id:)',
      { owner: true },
      'owner has no object to look at on an argument',
    ],
    [
      'by owner on an input field',
      'Wish.text',
      { owner: true },
      'owner has no object to look at on an input field',
    ],
    [
      'by owner on an enum value',
      'Colour.RED',
      { owner: true },
      'owner has no object to look at on an enum value',
    ],
    [
      'by self of an argument that is not there',
      'Query.ownerless',
      { self: 'name' },
      'there is no argument name',
    ],
    [
      'by self of an argument that is a list',
      'Query.ownerless',
      { self: 'ids' },
      'self names ids, which is no single id',
    ],
    [
      'by self of an argument that is an input',
      'Query.ownerless',
      { self: 'wish' },
      'self names wish, which is no single id',
    ],
    ['by an empty self', 'Query.ownerless', { self: '' }, 'self: name an argument'],
    ['by self below the root', 'Owned.text', { self: 'id' }, 'self is for root fields only'],
    ['by self on a type', 'Owned', { self: 'id' }, 'self is for root fields only'],
    [
      'by self on an argument',
      'Query.ownerless(id:)',
      { self: 'id' },
      'self is for root fields only',
    ],
    [
      'that makes null of a field that is never null',
      'Ownerless.always',
      { onDenied: OnDenied.NULL },
      'onDenied: NULL on a field that is never null',
    ],
    [
      'that makes null of a type where it is never null',
      'Owned',
      { onDenied: OnDenied.NULL },
      'onDenied: NULL, yet Query.owned is never null',
    ],
    [
      'that makes null of a root field',
      'Query.ownerless',
      { onDenied: OnDenied.NULL },
      'its refusal refuses the operation',
    ],
    [
      'that makes null of an argument',
      'Query.ownerless(id:)',
      { onDenied: OnDenied.NULL },
      'its refusal refuses the operation',
    ],
    ['on an input type as a whole', 'Wish', {}, '@authorized has no place on it'],
    ['on an enum as a whole', 'Colour', {}, '@authorized has no place on it'],
    ['on a scalar', 'ID', {}, '@authorized has no place on it'],
  ])('%s', (_case, coordinate, rule, problem) => {
    const faults = faultsOf(Plain, { [coordinate]: rule });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(
      new RegExp(`^- ${coordinate.replace(/[()]/g, '\\$&')}: .+\\. .+\\.$`),
    );
    expect(faults[0]).toContain(problem);
  });

  test('and starts without', () => {
    expect(
      faultsOf(Plain, { Owned: { owner: true }, 'Ownerless.text': { onDenied: OnDenied.NULL } }),
    ).toEqual([]);
  });

  test('and lists all faults at once, each with how to mend it', () => {
    const faults = faultsOf(Plain, {
      Ownerless: { owner: true },
      'Query.none': {},
      'Wish.text': { roles: [] },
    });
    expect(faults).toEqual([
      '- Query.none: a rule names it, yet the schema has no such thing. Write a coordinate such as `User.account` or `Query.user(id:)`.',
      '- Ownerless: owner leads nowhere: the class of Ownerless has no @Owner(). Put @Owner() on the property that leads to the user.',
      '- Wish.text: @authorized cannot be read: roles: an empty list lets nobody pass; name a role or leave it out. Mend the rule.',
    ]);
  });
});

describe('a server does not start on a decorator', () => {
  test('that makes one thing both public and authorized', () => {
    @Resolver()
    class Torn {
      @Public('why not')
      @Authorized()
      @Query(() => String)
      torn(): string {
        return '';
      }
    }
    expect(faultsOf(Torn)).toEqual([
      expect.stringContaining('Query.torn: it is both @authorized and @public'),
    ]);
  });

  test('that gives a second rule, also from the configuration', () => {
    @Resolver()
    class Doubled {
      @Authorized()
      @Authorized({ roles: [Role.ADMIN] })
      @Query(() => String)
      doubled(): string {
        return '';
      }

      @Authorized()
      @Query(() => String)
      configured(): string {
        return '';
      }
    }
    expect(faultsOf(Doubled, { 'Query.configured': { clients: true } })).toEqual([
      expect.stringContaining('Query.doubled: it carries two rules'),
      expect.stringContaining('Query.configured: it carries two rules'),
    ]);
  });

  test('with a blank reason', () => {
    @Resolver()
    class Unreasoned {
      @Public(' ')
      @Query(() => String)
      unreasoned(): string {
        return '';
      }
    }
    expect(faultsOf(Unreasoned)).toEqual([
      expect.stringContaining(
        'Query.unreasoned: @public cannot be read: reason: say why everyone may see it',
      ),
    ]);
  });

  test('on a resolver class, an interface, an input class or a parameter that is no @Arg', () => {
    @Authorized()
    @InterfaceType()
    abstract class Ruled {
      @Field(() => String)
      ruled!: string;
    }
    @Authorized()
    @InputType()
    class RuledInput {
      @Field(() => String)
      text!: string;
    }
    @ArgsType()
    class Arguments {
      @Field(() => RuledInput)
      input!: RuledInput;
    }
    @Authorized({ roles: [Role.ADMIN] })
    @Resolver()
    class Ruling {
      @Query(() => Ruled)
      ruling(@Authorized() @Args(() => Arguments) _given: Arguments): undefined {}
    }
    const faults = faultsOf(Ruling).map((fault) => fault.split(': ')[0]);
    expect(faults.sort()).toEqual(['- Ruled', '- RuledInput', '- Ruling', '- Ruling.ruling']);
  });

  test('for an enum value that is not in the schema', () => {
    enum Shade {
      DARK = 'DARK',
    }
    registerEnumType(Shade, { name: 'Shade' });
    authorizedEnumValues(Shade, { DARK: {}, ...mistaken({ LIGHT: {} }) });
    @Resolver()
    class Shaded {
      @Query(() => Shade)
      shade(): Shade {
        return Shade.DARK;
      }
    }
    expect(faultsOf(Shaded)).toEqual([expect.stringContaining('- Shade.LIGHT: a rule names it')]);
  });

  test('of another hand, with an argument that it does not have', () => {
    @Resolver()
    class Misspelt {
      @Directive('@authorized(role: [ADMIN])')
      @Query(() => String)
      misspelt(): string {
        return '';
      }
    }
    expect(faultsOf(Misspelt)).toEqual([expect.stringMatching(/Query\.misspelt: .*"role"/)]);
  });

  test('Owner on two properties of a class', () => {
    expect(() => {
      class Shared {
        @Owner()
        one!: string;

        @Owner()
        two!: string;
      }
      return Shared;
    }).toThrow('Shared has two @Owner() properties');
  });
});

describe('what is public leads only to what is public', () => {
  @ObjectType()
  class Hidden {
    @Field(() => String)
    text!: string;
  }
  @InterfaceType()
  abstract class Shape {
    @Field(() => String)
    colour!: string;
  }
  @Public('known to all')
  @ObjectType({ implements: Shape })
  class Circle extends Shape {}
  @ObjectType({ implements: Shape })
  class Square extends Shape {}
  @Public('known to all')
  @ObjectType()
  class Shop {
    @Field(() => Hidden, { nullable: true })
    hidden?: Hidden;

    @Authorized()
    @Field(() => Hidden, { nullable: true })
    guarded?: Hidden;

    @Field(() => [Circle])
    circles!: Circle[];
  }
  @ObjectType()
  class Secretive {
    @Public('why not')
    @Field(() => String)
    open!: string;
  }
  @Resolver()
  class Street {
    @Public('known to all')
    @Query(() => [Hidden])
    hidden(): [] {
      return [];
    }

    @Public('known to all')
    @Query(() => Shape)
    shape(): undefined {}

    @Public('known to all')
    @Query(() => Shop)
    shop(): undefined {}

    @Query(() => Secretive)
    secretive(): undefined {}
  }

  test('by its own type, by an interface and by the fields of a public type', () => {
    expect(faultsOf(Street)).toEqual([
      expect.stringContaining('Query.hidden: it is public and leads to Hidden, which is not'),
      expect.stringContaining('Query.shape: it is public and leads to Square, which is not'),
      expect.stringContaining('Shop.hidden: it is public and leads to Hidden, which is not'),
      expect.stringContaining('Secretive.open: it is public, yet its type Secretive is not'),
    ]);
    expect(Square.name).toBe('Square');
  });
});
