import { describe, expect, test } from '@jest/globals';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { GraphQLError, locatedError } from 'graphql';
import { ForbiddenError, UnavailableError } from '../../src/errors.js';
import { createFormatError } from '../../src/graphql/format-error.js';
import { requestScope } from '../../src/graphql/request-scope.js';
import { createLog } from '../../src/log/index.js';
import { fixtureSchema } from '../http/fixture-schema.js';

function formatting({ productionLimits = false } = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line) => lines.push(line) } });
  const formatError = createFormatError({ schema: fixtureSchema(), productionLimits, log });
  return {
    logged: () => lines.map((line) => JSON.parse(line)),
    format: (error: unknown) =>
      requestScope.run({ requestId: 'r-1', log: log.child({ requestId: 'r-1' }) }, () =>
        formatError(error),
      ),
    formatOutside: formatError,
  };
}

const inField = (error: Error) => locatedError(error, undefined, ['me', 'name']);

test('an error of our own keeps message, code, reason, hint and place', () => {
  const { format, logged } = formatting();
  const error = new ForbiddenError('Not allowed.', {
    reason: 'role',
    hint: 'Ask.',
    cause: new Error('x'),
  });
  expect(format(inField(error))).toEqual({
    message: 'Not allowed.',
    path: ['me', 'name'],
    extensions: { code: 'FORBIDDEN', reason: 'role', hint: 'Ask.', requestId: 'r-1' },
  });
  expect(logged()).toEqual([]);
});

test('a row that would not be the only one is no fault of ours, and its values are told to nobody', () => {
  const { format, logged } = formatting();
  const error = new UniqueConstraintViolationException(
    Object.assign(new Error('Key (name)=(Red) already exists.'), { code: '23505' }),
  );
  expect(format(inField(error))).toEqual({
    message: 'There is one already that has this.',
    path: ['me', 'name'],
    extensions: {
      code: 'CONFLICT',
      reason: 'taken',
      hint: 'Give another value where each is to be there once.',
      requestId: 'r-1',
    },
  });
  expect(logged()).toEqual([]);
});

test('an explanation that a refusal carries is kept, other extensions are not', () => {
  const error = new GraphQLError('Not allowed.', {
    originalError: new ForbiddenError('Not allowed.'),
    extensions: { explain: { missing: 'a role' }, internal: 'x' },
  });
  expect(formatting().format(error).extensions).toEqual({
    code: 'FORBIDDEN',
    explain: { missing: 'a role' },
    requestId: 'r-1',
  });
});

test('anything else is masked and logged once under the request id', () => {
  const { format, logged } = formatting();
  const shown = format(inField(new TypeError("Cannot read properties of undefined (reading 'x')")));
  expect(shown).toEqual({
    message: 'Something went wrong on our side.',
    path: ['me', 'name'],
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      hint: 'Quote the request id when you report it.',
      requestId: 'r-1',
    },
  });
  expect(logged()).toEqual([
    expect.objectContaining({
      level: 'error',
      requestId: 'r-1',
      err: expect.objectContaining({
        type: 'TypeError',
        message: "Cannot read properties of undefined (reading 'x')",
        stack: expect.stringContaining('format-error.unit.test'),
      }),
    }),
  ]);
});

test.each([
  [
    'a GraphQLError with a code of its own',
    inField(new GraphQLError('x', { extensions: { code: 'BAD_USER_INPUT' } })),
  ],
  ['a GraphQLError that has no code', new GraphQLError('x')],
  ['a thrown string', 'x'],
  ['nothing at all', undefined],
])('%s from a resolver is masked', (_what, error) => {
  expect(formatting().format(error).extensions?.code).toBe('INTERNAL_SERVER_ERROR');
});

describe('What says that the database is out of reach becomes UNAVAILABLE:', () => {
  test.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P01', '57P03', '53300', '08006'],
    ...['53100', '25006', '40P01', '40001', '57014', '58030'],
  ])('the code %s', (code) => {
    const { format, logged } = formatting();
    const error = Object.assign(new Error('secret detail'), { code });
    expect(format(inField(error))).toMatchObject({
      message: 'The database is out of reach.',
      extensions: { code: 'UNAVAILABLE', reason: 'database', retryAfter: 5 },
    });
    expect(logged()).toHaveLength(1);
  });

  test('a cause of a cause, and the first of several', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    const wrapped = new Error('query', { cause: new AggregateError([refused]) });
    expect(formatting().format(wrapped).extensions?.code).toBe('UNAVAILABLE');
  });

  test('but not an error of a statement', () => {
    const unique = Object.assign(new Error('duplicate key'), { code: '23505' });
    expect(formatting().format(unique).extensions?.code).toBe('INTERNAL_SERVER_ERROR');
  });
});

test('a dependency that is out of reach is logged with its cause', () => {
  const { format, logged } = formatting();
  format(new UnavailableError('The pool is out of reach.', { cause: new Error('socket hang up') }));
  expect(logged()[0].err.cause.message).toBe('socket hang up');
});

test.each([
  [true, 'Cannot query field "hi" on type "…".'],
  [false, 'Cannot query field "hi" on type "Query". Did you mean "hello"?'],
])('with production limits %s the message is %s', (productionLimits, message) => {
  const error = new GraphQLError('Cannot query field "hi" on type "Query". Did you mean "hello"?', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
  expect(formatting({ productionLimits }).format(error).message).toBe(message);
});

test('a message that quotes a large request is cut', () => {
  const error = new GraphQLError(`got "${'x'.repeat(90_000)}"`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(formatting().format(error).message.length).toBeLessThan(310);
});

test('outside of a request there is no request id', () => {
  expect(formatting().formatOutside(new ForbiddenError('No.')).extensions).toEqual({
    code: 'FORBIDDEN',
  });
});
