import { expect, test } from '@jest/globals';
import { GraphQLDateTime, GraphQLLocalDate } from 'graphql-scalars';
import { boundYears } from '../../src/graphql/bounded-years.js';

test('days and moments are those that both RFC 3339 and PostgreSQL have', () => {
  boundYears();
  boundYears();
  expect(GraphQLLocalDate.parseValue('0001-01-01')).toBe('0001-01-01');
  expect(GraphQLLocalDate.parseValue('9999-12-31')).toBe('9999-12-31');
  expect(() => GraphQLLocalDate.parseValue('0000-12-31')).toThrow(
    'LocalDate cannot represent a year before 1 or after 9999.',
  );
  const last = '9999-12-31T23:59:59Z';
  expect(GraphQLDateTime.parseValue(last)).toEqual(new Date(last));
  expect(() => GraphQLDateTime.parseValue('9999-12-31T23:59:59-01:00')).toThrow(
    'DateTime cannot represent a year before 1 or after 9999.',
  );
});
