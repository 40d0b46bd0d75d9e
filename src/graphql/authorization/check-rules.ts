import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { OnDenied } from '../../auth/authorized.js';
import { isMarked } from '../../auth/tenant.js';
import { classesOf } from './classes.js';
import { directivesOn, elementsOf, memberOf, type SchemaElement } from './elements.js';
import { type Fault, misplaced } from './faults.js';
import { type Rule, readReason, readRule } from './rule.js';

type Complaint = Omit<Fault, 'coordinate'>;

/** What keeps the rules of the schema's `@authorized` and `@public` from being resolved. */
export function faultsOfRules(schema: GraphQLSchema): readonly Fault[] {
  return [...elementsOf(schema)].flatMap((element) =>
    complaintsAbout(element, schema).map((complaint) => ({
      coordinate: element.coordinate,
      ...complaint,
    })),
  );
}

function complaintsAbout(element: SchemaElement, schema: GraphQLSchema): readonly Complaint[] {
  const [authorized, ...more] = directivesOn(element.element, 'authorized');
  const [open, ...moreOpen] = directivesOn(element.element, 'public');
  const complaints: Complaint[] = [];
  if (more.length + moreOpen.length > 0) {
    complaints.push({
      problem: 'it carries two rules',
      remedy: 'Keep one: the class, its resolver and the configuration may each have given one',
    });
  }
  if (authorized && open) {
    complaints.push({
      problem: 'it is both @authorized and @public',
      remedy: 'Keep one of the two',
    });
  }
  if (authorized) complaints.push(...complaintsAboutRule(element, readRule(authorized), schema));
  if (open) complaints.push(...complaintsAboutPublic(element, readReason(open)));
  return complaints;
}

function complaintsAboutPublic(
  { kind }: SchemaElement,
  reason: ReturnType<typeof readReason>,
): readonly Complaint[] {
  if (kind !== 'object type' && kind !== 'operation' && kind !== 'field') {
    return [
      {
        problem: `@public has no place on an ${kind}`,
        remedy: 'Put it on an object type or a field',
      },
    ];
  }
  return typeof reason === 'string' ? [] : unreadable('public', reason.problems);
}

function complaintsAboutRule(
  element: SchemaElement,
  rule: ReturnType<typeof readRule>,
  schema: GraphQLSchema,
): readonly Complaint[] {
  if (element.kind === 'other type') return [misplaced(element.coordinate)];
  if ('problems' in rule) return unreadable('authorized', rule.problems);
  return [
    ...complaintsAboutOwner(element, rule),
    ...complaintsAboutSelf(element, rule),
    ...complaintsAboutNull(element, rule, schema),
  ];
}

function complaintsAboutOwner(element: SchemaElement, rule: Rule): readonly Complaint[] {
  if (!rule.owner) return [];
  switch (element.kind) {
    case 'object type':
      return withOwner(element.element);
    case 'field':
      // A field of an interface is guarded by the types that implement it, each on its own.
      return isObjectType(element.parent) ? withOwner(element.parent) : [];
    case 'operation':
      return rule.self === undefined
        ? [
            {
              problem: 'owner has no object to look at here',
              remedy: 'Name with self the argument that is the viewer themselves, or drop owner',
            },
          ]
        : [];
    default:
      return [
        {
          problem: `owner has no object to look at on an ${element.kind}`,
          remedy: 'Guard the field or the object type by owner instead',
        },
      ];
  }
}

function withOwner(type: GraphQLNamedType): readonly Complaint[] {
  if (isObjectType(type) && classesOf(type).some(({ prototype }) => isMarked(prototype))) return [];
  return [
    {
      problem: `owner leads nowhere: the class of ${type.name} has no @Owner()`,
      remedy: 'Put @Owner() on the property that leads to the user',
    },
  ];
}

function complaintsAboutSelf(element: SchemaElement, { self }: Rule): readonly Complaint[] {
  if (self === undefined) return [];
  if (element.kind !== 'operation') {
    return [
      {
        problem: 'self is for root fields only',
        remedy: 'Use owner, with @Owner() on the class of the object',
      },
    ];
  }
  const argument = element.element.args.find(({ name }) => name === self);
  if (argument === undefined) {
    return [
      { problem: `there is no argument ${self}`, remedy: 'Name one of its arguments by self' },
    ];
  }
  if (!isScalarType(getNullableType(argument.type))) {
    return [
      {
        problem: `self names ${self}, which is no single id`,
        remedy: 'Name an argument of type ID or String',
      },
    ];
  }
  return [];
}

function complaintsAboutNull(
  element: SchemaElement,
  { onDenied }: Rule,
  schema: GraphQLSchema,
): readonly Complaint[] {
  if (onDenied === OnDenied.ERROR) return [];
  const remedy = 'Make it nullable, or leave onDenied out';
  switch (element.kind) {
    case 'field':
      return isNonNullType(element.element.type)
        ? [{ problem: 'onDenied: NULL on a field that is never null', remedy }]
        : [];
    case 'object type':
      return nonNullPositionsOf(element.element, schema).map((position) => ({
        problem: `onDenied: NULL, yet ${position} is never null`,
        remedy,
      }));
    default:
      return [
        {
          problem: `onDenied: NULL has no meaning on an ${element.kind}: its refusal refuses the operation`,
          remedy: 'Leave onDenied out',
        },
      ];
  }
}

/** The fields in which a value of the type, alone or in a list, stands where null may not. */
function nonNullPositionsOf(type: GraphQLNamedType, schema: GraphQLSchema): readonly string[] {
  return [...elementsOf(schema)].flatMap((element) => {
    if (element.kind !== 'field' && element.kind !== 'operation') return [];
    const named = getNamedType(element.element.type);
    const leadsTo =
      named === type ||
      (isAbstractType(named) && isObjectType(type) && schema.isSubType(named, type));
    return leadsTo && isNonNullType(itemOf(element.element.type))
      ? [memberOf(element.parent, element.element)]
      : [];
  });
}

/** The position that holds a single value: the innermost one of nested lists. */
function itemOf(type: GraphQLOutputType): GraphQLOutputType {
  const nullable = getNullableType(type);
  return isListType(nullable) ? itemOf(nullable.ofType) : type;
}

function unreadable(directive: string, problems: readonly string[]): readonly Complaint[] {
  return problems.map((problem) => ({
    problem: `@${directive} cannot be read: ${problem}`,
    remedy: 'Mend the rule',
  }));
}
