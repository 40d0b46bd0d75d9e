import { z } from 'zod';
import { userTypeOf } from '../accounts/attributes.js';
import { invalidParameter } from '../errors.js';
import { ofPool, operation } from '../operation.js';
import { limit, pageOf, positionOf } from '../page-token.js';

const listUsers = ofPool.extend({
  AttributesToGet: z.array(z.string()).optional(),
  Filter: z.string().max(256).optional(),
  Limit: limit,
  PaginationToken: z.string().optional(),
});

/** What a filter may name ("ListUsers" of the API reference), as an expression of an account `a`. */
const SEARCHED: Readonly<Record<string, string>> = {
  username: 'a.username',
  sub: 'a.sub::text',
  status: "(case when a.enabled then 'Enabled' else 'Disabled' end)",
  'cognito:user_status': 'a.status',
  ...Object.fromEntries(
    ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'].map(
      (name) => [name, `(a.attributes->>'${name}')`],
    ),
  ),
};

const FILTER = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

export const listUsersOperations = {
  ListUsers: operation('signed', listUsers, async (input, { pools, accounts }) => {
    const pool = await pools.pool(input.UserPoolId);
    const found = await accounts.page(pool, {
      ...conditionOf(input.Filter),
      limit: input.Limit + 1,
      after: positionOf(input.PaginationToken),
    });
    const { items, next } = pageOf(found, input.Limit, ({ sub }) => sub);
    return {
      Users: items.map((account) => withAttributes(userTypeOf(account), input.AttributesToGet)),
      ...(next && { PaginationToken: next }),
    };
  }),
};

/** @throws CognitoError InvalidParameterException */
function conditionOf(filter: string | undefined) {
  if (filter === undefined || filter === '') return { where: '', parameters: [] };
  const [, name, operator, quoted] = FILTER.exec(filter) ?? [];
  if (name === undefined || quoted === undefined)
    throw invalidParameter('Error while parsing filter.');
  const searched = Object.hasOwn(SEARCHED, name) ? SEARCHED[name] : undefined;
  if (searched === undefined) throw invalidParameter(`Invalid search attribute: ${name}`);
  const value = quoted.replace(/\\(.)/g, '$1');
  // The one attribute that is searched without regard to case, in upper case as it is kept.
  const parameters = [name === 'cognito:user_status' ? value.toUpperCase() : value];
  if (operator === '=') return { where: `and ${searched} = $4`, parameters };
  return { where: `and starts_with(${searched}, $4)`, parameters };
}

type UserType = ReturnType<typeof userTypeOf>;

/** @throws CognitoError InvalidParameterException where a listed user lacks one of them, as Cognito does */
function withAttributes(user: UserType, names: readonly string[] | undefined): UserType {
  if (names === undefined) return user;
  const attributes = user.Attributes.filter(({ Name }) => names.includes(Name));
  if (attributes.length < new Set(names).size)
    throw invalidParameter('One or more requested attributes do not exist.');
  return { ...user, Attributes: attributes };
}
