import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';

/** What type-graphql knows of the decorated classes. */
export type Storage = ReturnType<typeof getMetadataStorage>;
type ResolverClass = Storage['resolverClasses'][number];
export type Class = ResolverClass['target'];
type Field = GraphQLField<unknown, unknown>;

/** The classes that stand for an object type; more than one only where unrelated schemas share a name. */
export function classesOf({ name }: GraphQLObjectType): readonly Class[] {
  return getMetadataStorage()
    .objectTypes.filter((type) => type.name === name)
    .map(({ target }) => target);
}

/** The fields of the schema that a method of a resolver class answers. */
export function fieldsBehind(
  { target, method }: { readonly target: Class; readonly method: string },
  storage: Storage,
  schema: GraphQLSchema,
  resolvers: readonly Class[],
): readonly Field[] {
  const users = resolvers.filter((resolver) => isOrExtends(resolver, target));
  if (users.length === 0) return [];
  const named = ({ target: owner, methodName }: { target: Class; methodName: string }) =>
    owner === target && methodName === method;
  const roots = [
    [schema.getQueryType(), storage.queries.filter(named)],
    [schema.getMutationType(), storage.mutations.filter(named)],
    [schema.getSubscriptionType(), storage.subscriptions.filter(named)],
  ] as const;
  const types = users.flatMap((user) => typesResolvedBy(user, storage, schema));
  const fieldNames = storage.fieldResolvers.filter(named).map(({ schemaName }) => schemaName);
  return [
    ...roots.flatMap(([root, handlers]) =>
      handlers.map(({ schemaName }) => root?.getFields()[schemaName]),
    ),
    ...types.flatMap((type) => fieldNames.map((name) => type.getFields()[name])),
  ].filter((field) => field !== undefined);
}

/** The object types of the class that the resolver class is for, of its subclasses and implementations. */
function typesResolvedBy(
  resolver: Class,
  storage: Storage,
  schema: GraphQLSchema,
): readonly GraphQLObjectType[] {
  const resolved = storage.resolverClasses.find(({ target }) => target === resolver);
  const type = resolverType(resolved);
  if (type === undefined) return [];
  return storage.objectTypes
    .filter(
      ({ target, interfaceClasses }) =>
        isOrExtends(target, type) || interfaceClasses?.includes(type),
    )
    .map(({ name }) => schema.getType(name))
    .filter(isObjectType);
}

/** A resolver class that is for no type has a type function that throws. */
function resolverType(resolver: ResolverClass | undefined) {
  try {
    return resolver?.getObjectType();
  } catch {
    return undefined;
  }
}

/** Whether the class, or one that extends it, is one of the resolvers or stands for a type of the schema. */
export function isUsed(type: Class, schema: GraphQLSchema, resolvers: readonly Class[]): boolean {
  const { objectTypes } = getMetadataStorage();
  const types = objectTypes.filter(({ name }) => schema.getType(name) !== undefined);
  return [...resolvers, ...types.map(({ target }) => target)].some((user) =>
    isOrExtends(user, type),
  );
}

/** Whether it is that class or a subclass. */
export function isOrExtends(type: Class, base: Class): boolean {
  return type === base || type.prototype instanceof base;
}

/** The class that it extends. */
export function parentOf(type: Class): Class | undefined {
  const parent: unknown = Object.getPrototypeOf(type);
  return typeof parent === 'function' && parent !== Function.prototype ? parent : undefined;
}
