import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { assertObjectType, graphql } from 'graphql';
import { Field, ObjectType, Query, Resolver, UseMiddleware } from 'type-graphql';
import { Public } from '../../src/auth/authorized.js';
import { ANONYMOUS } from '../../src/auth/viewer.js';
import { buildSchema } from '../../src/graphql/build-schema.js';

@Public('So that the test may ask.')
@ObjectType()
class Buoy {
  @Field(() => String)
  color = 'red';

  @UseMiddleware(async (_data, next) => `${await next()} and white`)
  @Field(() => String)
  stripes = 'red';

  @Field(() => String, { name: 'label' })
  text = 'North';

  @Field(() => String)
  sound(): string {
    return 'bell';
  }
}

@Resolver()
class BuoyResolver {
  @Public('So that the test may ask.')
  @Query(() => Buoy)
  buoy(): Buoy {
    return new Buoy();
  }
}

test('what is a property only is read as it is; what has a middleware, another name or is a method is resolved', async () => {
  const schema = buildSchema({ resolvers: [BuoyResolver] });
  const source = '{ buoy { color stripes label sound } }';
  const answer = await graphql({ schema, source, contextValue: { viewer: ANONYMOUS } });
  expect(answer).toEqual({
    data: { buoy: { color: 'red', stripes: 'red and white', label: 'North', sound: 'bell' } },
  });
  const fields = Object.values(assertObjectType(schema.getType('Buoy')).getFields());
  const resolved = fields.filter(({ resolve }) => resolve !== undefined).map(({ name }) => name);
  expect(resolved.sort()).toEqual(['label', 'sound', 'stripes']);
});
