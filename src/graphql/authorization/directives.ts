import {
  type ConstDirectiveNode,
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
  parse,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { OnDenied } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';

/** The schema with `@authorized`, `@public` and their enums; its other types stay the same objects. */
export function withDirectives(schema: GraphQLSchema): GraphQLSchema {
  const existing = schema.getType('Role');
  const roleType = existing instanceof GraphQLEnumType ? existing : roleEnumType();
  return new GraphQLSchema({
    ...schema.toConfig(),
    directives: [...schema.getDirectives(), authorizedDirective(roleType), publicDirective],
  });
}

const nodes = new Map<string, ConstDirectiveNode>();

/** Parses a directive such as `@authorized(owner: true)`; few of those that the code writes differ. */
export function directiveNode(sdl: string): ConstDirectiveNode {
  const node = nodes.get(sdl) ?? parsedDirective(sdl);
  nodes.set(sdl, node);
  return node;
}

function parsedDirective(sdl: string): ConstDirectiveNode {
  const [definition] = parse(`scalar Any ${sdl}`, { noLocation: true }).definitions;
  const node = definition?.kind === 'ScalarTypeDefinition' ? definition.directives?.[0] : undefined;
  if (node === undefined) throw new TypeError(`${sdl} is no directive.`);
  return node;
}

/** Made anew for each schema, as whatever can be given a rule has to be. */
function onDeniedEnumType(): GraphQLEnumType {
  return new GraphQLEnumType({
    name: 'OnDenied',
    description: 'What a refused field becomes.',
    values: {
      ERROR: { value: OnDenied.ERROR, description: 'A field error.' },
      NULL: { value: OnDenied.NULL, description: 'Null, without an error.' },
    },
  });
}

const publicDirective = new GraphQLDirective({
  name: 'public',
  description: 'Everyone may see it, signed in or not.',
  locations: [DirectiveLocation.OBJECT, DirectiveLocation.FIELD_DEFINITION],
  args: {
    reason: { type: new GraphQLNonNull(GraphQLString), description: 'Why that does no harm.' },
  },
});

function authorizedDirective(roleType: GraphQLEnumType): GraphQLDirective {
  const listOf = (type: GraphQLEnumType | GraphQLList<GraphQLNonNull<typeof GraphQLString>>) =>
    new GraphQLList(new GraphQLNonNull(type));
  return new GraphQLDirective({
    name: 'authorized',
    description:
      'Who may: a person passes when (some role matches or they own the object) and the scopes hold; ' +
      'what is left out holds. A machine client passes only by a named scope, by a role, or by `clients`.',
    locations: [
      DirectiveLocation.OBJECT,
      DirectiveLocation.FIELD_DEFINITION,
      DirectiveLocation.ARGUMENT_DEFINITION,
      DirectiveLocation.INPUT_FIELD_DEFINITION,
      DirectiveLocation.ENUM_VALUE,
    ],
    args: {
      roles: { type: listOf(roleType), description: 'One of these is needed.' },
      scopes: {
        type: listOf(new GraphQLList(new GraphQLNonNull(GraphQLString))),
        description: 'One of these sets is needed, whole.',
      },
      owner: { type: GraphQLBoolean, description: 'Lets pass whom the object belongs to.' },
      self: {
        type: GraphQLString,
        description: 'The argument that lets pass the viewer whose own id or subject it names.',
      },
      clients: { type: GraphQLBoolean, description: 'Lets any machine client pass.' },
      onDenied: {
        type: onDeniedEnumType(),
        defaultValue: OnDenied.ERROR,
        description: 'What a refused field becomes.',
      },
    },
  });
}

/** As registered with type-graphql, whose own copy is in the schema only where a field returns it. */
function roleEnumType(): GraphQLEnumType {
  const registered = getMetadataStorage().enums.find(({ enumObj }) => enumObj === Role);
  const values = Object.values(Role).map((role) => {
    const description = registered?.valuesConfig[role]?.description;
    return [role, { value: role, ...(description !== undefined && { description }) }] as const;
  });
  return new GraphQLEnumType({
    name: 'Role',
    description: registered?.description,
    values: Object.fromEntries(values),
  });
}
