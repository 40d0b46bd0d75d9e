import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { Entity, ManyToOne, PrimaryKey } from '@mikro-orm/decorators/legacy';
import { MikroORM, type Ref } from '@mikro-orm/postgresql';
import { isObjectType } from 'graphql';
import {
  Arg,
  Field,
  FieldResolver,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Authorized, Owner, ownerOf, Public } from '../../../src/auth/authorized.js';
import { Role } from '../../../src/auth/role.js';
import { directivesOn } from '../../../src/graphql/authorization/elements.js';
import { buildSchema } from '../../../src/graphql/build-schema.js';
import { serve } from './execute.js';
import { person } from './viewers.js';

@InterfaceType()
abstract class Animal {
  @Authorized({ roles: [Role.ADMIN] })
  @Field(() => String, { nullable: true })
  chip?: string;

  @Field(() => String)
  sound(@Arg('loud', () => Boolean, { nullable: true }) _loud: boolean | undefined): string {
    return '';
  }
}

@ObjectType({ implements: Animal })
class Dog extends Animal {
  /** Declared anew, and without the rule of the interface. */
  @Field(() => String, { nullable: true })
  override chip: string = '1234';

  @Field(() => String)
  override sound(
    @Authorized({ roles: [Role.SUPPORT] })
    @Arg('loud', () => Boolean, { nullable: true })
    loud: boolean | undefined,
  ): string {
    return loud ? 'WOOF' : 'woof';
  }

  @Field(() => String, { nullable: true })
  name: string = 'Rex';
}

@Authorized({ roles: [Role.ADMIN] })
@ObjectType()
class Vehicle {
  @Field(() => String)
  wheels: string = 'some';
}

@ObjectType()
class Car extends Vehicle {}

@Public('a bicycle')
@ObjectType()
class Bicycle extends Vehicle {}

@Resolver(() => Dog)
class DogResolver {
  /** The class has this field already, without a rule. */
  @Authorized({ roles: [Role.ADMIN] })
  @FieldResolver(() => String, { nullable: true })
  name(@Root() dog: Dog): string {
    return dog.name;
  }
}

@Resolver()
abstract class GarageResolver {
  @Query(() => Car)
  car(
    @Authorized({ roles: [Role.ADMIN] })
    @Arg('id', () => String, { nullable: true })
    _id: string | undefined,
  ): Car {
    return new Car();
  }
}

@Resolver()
class ZooResolver extends GarageResolver {
  @Query(() => Animal)
  animal(): Animal {
    return new Dog();
  }

  @Query(() => Bicycle)
  bicycle(): Bicycle {
    return new Bicycle();
  }
}

const schema = buildSchema({ resolvers: [ZooResolver, DogResolver], orphanedTypes: [Dog] });

function fieldOf(coordinate: string) {
  const [typeName = '', name = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`There is no ${coordinate}.`);
  return field;
}

describe('a rule holds', () => {
  test('on a field resolver whose field the class declares', () => {
    expect(directivesOn(fieldOf('Dog.name'), 'authorized')).toHaveLength(1);
  });

  test('on the argument of an inherited method', () => {
    const [id] = fieldOf('Query.car').args;
    expect(id && directivesOn(id, 'authorized')).toHaveLength(1);
  });

  test('on a field that a class declares anew without the rule of its interface', () => {
    expect(directivesOn(fieldOf('Dog.chip'), 'authorized')).toHaveLength(1);
  });

  test('on a class that extends a guarded one, unless it says otherwise', () => {
    const [car, bicycle] = [schema.getType('Car'), schema.getType('Bicycle')];
    expect(car && directivesOn(car, 'authorized')).toHaveLength(1);
    expect(bicycle && directivesOn(bicycle, 'authorized')).toHaveLength(0);
  });

  test('on the argument of a type behind an interface that has no rule for it', async () => {
    const server = serve(schema);
    const uma = person('uma');
    const loud = await server.execute(uma, { query: '{ animal { sound(loud: true) } }' });
    expect(loud).toEqual({
      errors: [expect.objectContaining({ message: 'You are not allowed to do this.' })],
    });
    const plain = await server.execute(uma, {
      query: '{ animal { sound chip ... on Dog { name } } }',
    });
    expect(plain.data).toEqual({ animal: { sound: 'woof', chip: null, name: null } });
    expect(plain.errors?.map(({ path }) => path?.join('.'))).toEqual([
      'animal.chip',
      'animal.name',
    ]);
    await server.stop();
  });
});

@Entity()
class Account {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

@Entity()
class Letter {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Owner()
  @ManyToOne({ entity: () => Account, ref: true })
  account!: Ref<Account>;
}

class RegisteredLetter extends Letter {}

describe('the owner of an object', () => {
  test('is found by a relation of MikroORM, loaded or not', () => {
    const orm = new MikroORM({ dbName: 'none', entities: [Account, Letter], discovery: {} });
    const em = orm.em.fork();
    const account = em.getReference(Account, 'uma');
    const letter = em.create(Letter, { id: 'letter', account });
    expect(ownerOf(letter)).toBe('uma');
  });

  test.each<[string, unknown, string | undefined]>([
    ['its id', { account: 'uma' }, 'uma'],
    ['an object with the id', { account: { id: 'uma' } }, 'uma'],
    ['nothing', { account: null }, undefined],
    ['an object without an id', { account: {} }, undefined],
    ['a number', { account: 7 }, undefined],
  ])('is found by a property that holds %s, also of a subclass', (_case, values, owner) => {
    expect(ownerOf(Object.assign(new Letter(), values))).toBe(owner);
    expect(ownerOf(Object.assign(new RegisteredLetter(), values))).toBe(owner);
  });

  test.each([[{ account: 'uma' }], [null], [undefined], ['uma']])('is nobody for %p', (value) => {
    expect(ownerOf(value)).toBeUndefined();
  });
});
