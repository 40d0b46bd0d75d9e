import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isObjectType,
  print,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { authorizedSdl, enumValueRules } from '../../auth/authorized.js';
import {
  type Class,
  classesOf,
  fieldsBehind,
  isOrExtends,
  isUsed,
  parentOf,
  type Storage,
} from './classes.js';
import { directiveNode } from './directives.js';
import { addDirective, directivesOn, type SchemaElement } from './elements.js';
import { type Fault, noSuchThing } from './faults.js';

type Field = GraphQLField<unknown, unknown>;

/**
 * Brings into the schema the decorations that type-graphql leaves behind: those of enum values, of a
 * `@FieldResolver` whose field the class declares, of parameters of field resolvers and of inherited
 * methods, of base classes, and of interface fields that a class declares anew.
 */
export function completeDecorations(
  schema: GraphQLSchema,
  resolvers: readonly Class[],
): readonly Fault[] {
  const storage = getMetadataStorage();
  completeMethods(storage, schema, resolvers);
  completeObjectTypes(storage, schema);
  return [
    ...completeEnumValues(storage, schema),
    ...completeParameters(storage, schema, resolvers),
    ...faultsOfResolverClasses(storage, resolvers),
  ];
}

function completeMethods(storage: Storage, schema: GraphQLSchema, resolvers: readonly Class[]) {
  for (const { target, fieldName, directive } of storage.fieldDirectives) {
    if (!isOurs(directive.nameOrDefinition)) continue;
    for (const field of fieldsBehind({ target, method: fieldName }, storage, schema, resolvers)) {
      ensure(field, directiveNode(directive.nameOrDefinition));
    }
  }
}

function completeParameters(
  storage: Storage,
  schema: GraphQLSchema,
  resolvers: readonly Class[],
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { target, fieldName, parameterIndex, directive } of storage.argumentDirectives) {
    if (!isOurs(directive.nameOrDefinition)) continue;
    const parameter = storage.params.find(
      ({ target: owner, methodName, index }) =>
        owner === target && methodName === fieldName && index === parameterIndex,
    );
    if (parameter?.kind !== 'arg') {
      if (!isUsed(target, schema, resolvers)) continue;
      faults.push({
        coordinate: `${target.name}.${fieldName}`,
        problem: `the rule on parameter ${parameterIndex} stands on no @Arg`,
        remedy: 'Put it beside the @Arg that it guards, or on a field of the class of @Args',
      });
      continue;
    }
    for (const field of fieldsBehind({ target, method: fieldName }, storage, schema, resolvers)) {
      const argument = field.args.find(({ name }) => name === parameter.name);
      if (argument) ensure(argument, directiveNode(directive.nameOrDefinition));
    }
  }
  return faults;
}

function completeObjectTypes(storage: Storage, schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (!isDecorated(type)) {
      for (const rule of inheritedRules(type, storage)) ensure(type, rule);
    }
    for (const field of Object.values<Field>(type.getFields())) completeFromInterfaces(type, field);
  }
}

/** The rule of the nearest base class; what is public is not inherited. */
function inheritedRules(type: GraphQLObjectType, storage: Storage): readonly ConstDirectiveNode[] {
  return classesOf(type).flatMap((type) => {
    for (let base = parentOf(type); base !== undefined; base = parentOf(base)) {
      const rules = storage.classDirectives
        .filter(({ target }) => target === base)
        .map(({ directive }) => directive.nameOrDefinition)
        .filter((sdl) => sdl.startsWith('@authorized'));
      if (rules.length > 0) return rules.map(directiveNode);
    }
    return [];
  });
}

function completeFromInterfaces(type: GraphQLObjectType, field: Field) {
  for (const declared of type.getInterfaces().map((parent) => parent.getFields()[field.name])) {
    if (declared === undefined) continue;
    inherit(field, declared);
    for (const argument of field.args) {
      const declaredArgument = declared.args.find(({ name }) => name === argument.name);
      if (declaredArgument) inherit(argument, declaredArgument);
    }
  }
}

function completeEnumValues(storage: Storage, schema: GraphQLSchema): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { name, enumObj } of storage.enums) {
    const type = schema.getType(name);
    if (!isEnumType(type)) continue;
    for (const [valueName, rule] of enumValueRules(enumObj)) {
      const value = type.getValue(valueName);
      if (value) ensure(value, directiveNode(authorizedSdl(rule)));
      else faults.push(noSuchThing(`${name}.${valueName}`));
    }
  }
  return faults;
}

function faultsOfResolverClasses(storage: Storage, resolvers: readonly Class[]): readonly Fault[] {
  return storage.classDirectives
    .filter(
      ({ target, directive }) =>
        isOurs(directive.nameOrDefinition) &&
        resolvers.some((resolver) => isOrExtends(resolver, target)),
    )
    .map(({ target }) => ({
      coordinate: target.name,
      problem: 'a resolver class carries a rule, which would guard nothing',
      remedy: 'Put the rule on each of its methods',
    }));
}

type Element = SchemaElement['element'];

function inherit(element: Element, from: Element) {
  if (directivesOn(element, 'authorized').length > 0) return;
  for (const rule of directivesOn(from, 'authorized')) addDirective(element, rule);
}

function ensure(element: Element, directive: ConstDirectiveNode) {
  const present = directivesOn(element, directive.name.value).map(print);
  if (!present.includes(print(directive))) addDirective(element, directive);
}

function isDecorated(element: Element): boolean {
  return directivesOn(element, 'authorized').length + directivesOn(element, 'public').length > 0;
}

function isOurs(sdl: string): boolean {
  return /^@(authorized|public)\b/.test(sdl);
}
