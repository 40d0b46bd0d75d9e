import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type GraphQLSchema, lexicographicSortSchema } from 'graphql';

/** The schema as sorted SDL with its descriptions and directives, ending with a newline. */
export function printSchema(schema: GraphQLSchema): string {
  const sdl = printSchemaWithDirectives(lexicographicSortSchema(schema));
  // Empty lines of a description are printed with the indentation of the others.
  return `${sdl.replace(/[ \t]+$/gm, '').trimEnd()}\n`;
}
