import { GraphQLError, type GraphQLScalarType } from 'graphql';
import { GraphQLDateTime, GraphQLLocalDate } from 'graphql-scalars';

/**
 * Lets `DateTime` and `LocalDate` take the years 1 to 9999 alone, which RFC 3339 and PostgreSQL both have: the year 0 is
 * of the one only, and an offset may lead beyond 9999.
 */
export function boundYears(): void {
  bound(GraphQLDateTime, (time) => time.getUTCFullYear());
  bound(GraphQLLocalDate, (day) => Number.parseInt(day, 10));
}

/** Completes a sentence about a moment or a day of a year that is out of bounds. */
export const OUT_OF_YEARS = 'cannot represent a year before 1 or after 9999';

export function isYearWithin(year: number): boolean {
  return year >= 1 && year <= 9999;
}

const bounded = new WeakSet<object>();

function bound<Value>(
  scalar: GraphQLScalarType<Value, unknown>,
  yearOf: (value: Value) => number,
): void {
  if (bounded.has(scalar)) return;
  bounded.add(scalar);
  const { name, parseValue, parseLiteral } = scalar;
  const within = (value: Value) => {
    if (isYearWithin(yearOf(value))) return value;
    throw new GraphQLError(`${name} ${OUT_OF_YEARS}.`);
  };
  scalar.parseValue = (value) => within(parseValue(value));
  scalar.parseLiteral = (node, variables) => within(parseLiteral(node, variables));
}
