import { GraphQLError } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

/**
 * Lets `DateTime` take the years 1 to 9999 alone, as RFC 3339 and PostgreSQL both write them: year 0 is of the one
 * only, and an offset may lead beyond 9999.
 */
export function boundDateTime(): void {
  if (bounded.has(GraphQLDateTime)) return;
  bounded.add(GraphQLDateTime);
  const { parseValue, parseLiteral } = GraphQLDateTime;
  GraphQLDateTime.parseValue = (value) => withinYears(parseValue(value));
  GraphQLDateTime.parseLiteral = (node, variables) => withinYears(parseLiteral(node, variables));
}

const bounded = new WeakSet<typeof GraphQLDateTime>();

function withinYears(time: Date): Date {
  const year = time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return time;
  throw new GraphQLError('DateTime cannot represent a year before 1 or after 9999.');
}
