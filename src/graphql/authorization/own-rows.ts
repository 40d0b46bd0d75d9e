import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import { type Asker, standingOf } from './decide.js';
import { rulesOf } from './schema-rules.js';

/**
 * Whether what an operation answers with has a rule that lets this viewer see their own alone: at once, or below
 * what has no id, such as a payload or a connection.
 */
export function answersWithOwn(
  answer: GraphQLOutputType,
  viewer: Asker,
  schema: GraphQLSchema,
): boolean {
  const visited = new Set<GraphQLObjectType>();
  const isOwn = (output: GraphQLOutputType): boolean => {
    const type = getNamedType(output);
    if (!isObjectType(type) || visited.has(type)) return false;
    visited.add(type);
    const rule = rulesOf(schema).authorized.get(type.name);
    if (rule !== undefined && standingOf(rule, viewer).kind === 'own') return true;
    const fields: Readonly<Record<string, GraphQLField<unknown, unknown>>> = type.getFields();
    return fields.id === undefined && Object.values(fields).some((field) => isOwn(field.type));
  };
  return isOwn(answer);
}
