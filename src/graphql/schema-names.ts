import {
  type GraphQLError,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';

const HIDDEN = '…';
/** Texts and comments of a document: what is written there is no use of a name. */
const UNUSED = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*/g;
const WORD = /[_A-Za-z]\w*/g;

/**
 * Hides in a message of an error of graphql-js the names of the schema that its document does not use: whoever
 * guesses is told neither what a type is called nor what an input lacks.
 */
export function schemaNameHider(
  schema: GraphQLSchema,
): (message: string, error: GraphQLError) => string {
  const { types, members } = namesOf(schema);
  return (message, error) => {
    let used: ReadonlySet<string> | undefined;
    return message.replace(WORD, (word, place: number) => {
      const isName = types.has(word) || (members.has(word) && isQuoted(message, place));
      if (!isName) return word;
      used ??= namesUsedIn(error);
      return used.has(word) ? word : HIDDEN;
    });
  };
}

/**
 * graphql-js quotes names: `"name"`, `"Type.name"`, `"@name"`, `"$name"`, `"[Type!]"`. The character in front
 * tells; which quotes belong together does not, where a value with quotes of its own is repeated.
 */
function isQuoted(message: string, place: number): boolean {
  return '"\'`.@$[('.includes(message.charAt(place - 1) || ' ');
}

function namesUsedIn({ source, nodes }: GraphQLError): ReadonlySet<string> {
  const { body = '' } = source ?? nodes?.[0]?.loc?.source ?? {};
  return new Set(body.replaceAll(UNUSED, ' ').match(WORD));
}

/** A member's name may be a word of the message besides; a type's is none. */
function namesOf(schema: GraphQLSchema) {
  const types = new Set<string>();
  const members = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    types.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) members.add(name);
    if (isInputObjectType(type))
      for (const name of Object.keys(type.getFields())) members.add(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, args } of Object.values(type.getFields())) {
      members.add(name);
      for (const argument of args) members.add(argument.name);
    }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    members.add(directive.name);
    for (const { name } of directive.args) members.add(name);
  }
  return { types, members };
}
