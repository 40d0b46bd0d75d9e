import {
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type Composite = GraphQLObjectType | GraphQLInterfaceType;

/** One thing of the schema that can carry a directive, under its schema coordinate. */
export type SchemaElement = { readonly coordinate: string } & (
  | { readonly kind: 'object type'; readonly element: GraphQLObjectType }
  /** Interfaces, unions, inputs, enums and scalars: no rule has a place there. */
  | { readonly kind: 'other type'; readonly element: GraphQLNamedType }
  | { readonly kind: 'operation'; readonly element: Field; readonly parent: GraphQLObjectType }
  | { readonly kind: 'field'; readonly element: Field; readonly parent: Composite }
  | {
      readonly kind: 'argument';
      readonly element: GraphQLArgument;
      readonly field: Field;
      readonly parent: Composite;
    }
  | {
      readonly kind: 'input field';
      readonly element: GraphQLInputField;
      readonly parent: GraphQLInputObjectType;
    }
  | {
      readonly kind: 'enum value';
      readonly element: GraphQLEnumValue;
      readonly parent: GraphQLEnumType;
    }
);

/** Everything of the schema that can carry a directive. */
export function* elementsOf(schema: GraphQLSchema): Generator<SchemaElement> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isObjectType(type)) yield { kind: 'object type', coordinate: type.name, element: type };
    else yield { kind: 'other type', coordinate: type.name, element: type };
    yield* membersOf(type, schema);
  }
}

function* membersOf(type: GraphQLNamedType, schema: GraphQLSchema): Generator<SchemaElement> {
  if (isObjectType(type) || isInterfaceType(type)) yield* fieldsOf(type, schema);
  if (isInputObjectType(type)) {
    for (const element of Object.values(type.getFields())) {
      yield { kind: 'input field', coordinate: memberOf(type, element), element, parent: type };
    }
  }
  if (isEnumType(type)) {
    for (const element of type.getValues()) {
      yield { kind: 'enum value', coordinate: memberOf(type, element), element, parent: type };
    }
  }
}

function* fieldsOf(parent: Composite, schema: GraphQLSchema): Generator<SchemaElement> {
  for (const element of Object.values<Field>(parent.getFields())) {
    const coordinate = memberOf(parent, element);
    if (isObjectType(parent) && isRootType(parent, schema)) {
      yield { kind: 'operation', coordinate, element, parent };
    } else {
      yield { kind: 'field', coordinate, element, parent };
    }
    for (const argument of element.args) {
      const place = argumentOf(parent, element, argument);
      yield { kind: 'argument', coordinate: place, element: argument, field: element, parent };
    }
  }
}

/** Query, Mutation or Subscription. */
export function isRootType(type: GraphQLNamedType, schema: GraphQLSchema): boolean {
  return (
    type === schema.getQueryType() ||
    type === schema.getMutationType() ||
    type === schema.getSubscriptionType()
  );
}

/** The coordinate of a field, an input field or an enum value. */
export function memberOf(
  type: { readonly name: string },
  member: { readonly name: string },
): string {
  return `${type.name}.${member.name}`;
}

/** The coordinate of an argument, such as `Query.user(id:)`. */
export function argumentOf(
  type: { readonly name: string },
  field: { readonly name: string },
  argument: { readonly name: string },
): string {
  return `${type.name}.${field.name}(${argument.name}:)`;
}

type Element = SchemaElement['element'];

/** The directives of that name which the element carries. */
export function directivesOn({ astNode }: Element, name: string): readonly ConstDirectiveNode[] {
  return astNode?.directives?.filter((directive) => directive.name.value === name) ?? [];
}

/** Adds the directive to an element of a schema under construction. */
export function addDirective(element: Element, directive: ConstDirectiveNode): void {
  const node = {
    ...(element.astNode ?? { name: { kind: 'Name', value: element.name } }),
    directives: [...(element.astNode?.directives ?? []), directive],
  };
  // Only its directives are read, by `directivesOn` and by the printer; each element has another node type.
  element.astNode = node as never;
}
