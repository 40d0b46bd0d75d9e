import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { elementsOf } from './elements.js';
import type { Fault } from './faults.js';
import { rulesOf } from './schema-rules.js';

/**
 * Where something public leads to an object type that is not. Each public field, and each field of a
 * public type that has no rule of its own, is looked at for one step: all paths follow from that.
 */
export function faultsOfPublic(schema: GraphQLSchema): readonly Fault[] {
  const rules = rulesOf(schema);
  return [...elementsOf(schema)].flatMap((element): readonly Fault[] => {
    if (element.kind !== 'operation' && element.kind !== 'field') return [];
    const { coordinate, parent } = element;
    const isPublic = rules.public.has(coordinate);
    if (element.kind === 'field' && isPublic && !rules.public.has(parent.name)) {
      return [
        {
          coordinate,
          problem: `it is public, yet its type ${parent.name} is not`,
          remedy: `Make ${parent.name} public too, or drop @public here`,
        },
      ];
    }
    if (!isPublic && (!rules.public.has(parent.name) || rules.authorized.has(coordinate)))
      return [];
    return objectTypesOf(element.element.type, schema)
      .filter(({ name }) => !rules.public.has(name))
      .map(({ name }) => ({
        coordinate,
        problem: `it is public and leads to ${name}, which is not`,
        remedy: `Make ${name} public, or guard ${coordinate} with @Authorized()`,
      }));
  });
}

/** The object types that a value of the type can be. */
export function objectTypesOf(
  type: GraphQLOutputType,
  schema: GraphQLSchema,
): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}
