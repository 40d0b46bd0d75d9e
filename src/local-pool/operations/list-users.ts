import { z } from 'zod';
import { userTypeOf } from '../attributes.js';
import { invalidParameter } from '../errors.js';
import { operation } from '../operation.js';
import { positionOf, tokenOf } from '../page-token.js';

const listUsers = z.object({
  UserPoolId: z.string(),
  AttributesToGet: z.array(z.string()).optional(),
  Filter: z.string().max(256).optional(),
  Limit: z.int().min(0).max(60).default(60),
  PaginationToken: z.string().optional(),
});

/** What a filter may name ("ListUsers" of the API reference), as a column or expression of an account. */
const FILTERED: Readonly<Record<string, string>> = {
  username: 'a.username',
  sub: 'a.sub::text',
  status: "case when a.enabled then 'Enabled' else 'Disabled' end",
  'cognito:user_status': 'a.status',
  ...Object.fromEntries(
    ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'].map(
      (name) => [name, `a.attributes->>'${name}'`],
    ),
  ),
};

const FILTER = /^\s*"?([a-z_:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

export const listUsersOperations = {
  ListUsers: operation('signed', listUsers, async (input, { pools, accounts }) => {
    const pool = await pools.pool(input.UserPoolId);
    const limit = input.Limit || 60;
    const { where, parameters } = conditionOf(input.Filter);
    const found = await accounts.page(pool, {
      where,
      parameters,
      limit: limit + 1,
      after: positionOf(input.PaginationToken),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      Users: page.map((account) => withAttributes(userTypeOf(account), input.AttributesToGet)),
      ...(found.length > limit && last && { PaginationToken: tokenOf(last.sub) }),
    };
  }),
};

/** @throws CognitoError InvalidParameterException */
function conditionOf(filter: string | undefined) {
  if (filter === undefined || filter === '') return { where: '', parameters: [] };
  const [, name = '', operator, quoted = ''] = FILTER.exec(filter) ?? [];
  const column = FILTERED[name];
  if (column === undefined) throw invalidParameter(`Invalid filter: ${filter}`);
  const value = quoted.replace(/\\(.)/g, '$1');
  if (operator === '=') return { where: `and lower(${column}) = lower($4)`, parameters: [value] };
  const prefix = `${value.replace(/[\\%_]/g, '\\$&')}%`;
  return { where: `and lower(${column}) like lower($4)`, parameters: [prefix] };
}

type UserType = ReturnType<typeof userTypeOf>;

/** @throws CognitoError InvalidParameterException where a listed user lacks one of them, as Cognito does */
function withAttributes(user: UserType, names: readonly string[] | undefined): UserType {
  if (names === undefined) return user;
  const attributes = user.Attributes.filter(({ Name }) => names.includes(Name));
  if (attributes.length < names.length)
    throw invalidParameter('One or more requested attributes do not exist.');
  return { ...user, Attributes: attributes };
}
