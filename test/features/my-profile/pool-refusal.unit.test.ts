import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../src/features/my-profile/pool-refusal.js';
import type { ProfileInput } from '../../../src/features/my-profile/profile-change.js';
import {
  OwnAttributesError,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from '../../../src/user-pool/index.js';
import { type RefusingPool, startRefusingPool } from '../../support/refusing-pool.js';

let refusing: RefusingPool;
beforeAll(async () => {
  refusing = await startRefusingPool();
});
afterAll(() => refusing.close());

async function failure(name: string, message: string): Promise<unknown> {
  refusing.answerWith(name, message);
  return refusing.pool.writeOwn('token', { name: 'x' }).catch((error: unknown) => error);
}

describe('what the pool refuses', () => {
  test.each<[string, string, ProfileInput[], string, string, RegExp]>([
    [
      'NotAuthorizedException',
      'Access Token has been revoked',
      ['name'],
      'UNAUTHENTICATED',
      'revoked',
      /no longer/,
    ],
    [
      'NotAuthorizedException',
      'Access Token has expired',
      ['name'],
      'UNAUTHENTICATED',
      'revoked',
      /no longer/,
    ],
    [
      'NotAuthorizedException',
      'User is disabled.',
      ['name'],
      'UNAUTHENTICATED',
      'disabled',
      /no longer/,
    ],
    [
      'NotAuthorizedException',
      'Access Token does not have required scopes',
      ['name'],
      'FORBIDDEN',
      'token',
      /token/,
    ],
    [
      'ForbiddenException',
      'Request not allowed due to WAF block.',
      ['name'],
      'FORBIDDEN',
      'token',
      /token/,
    ],
    [
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
      ['name'],
      'FORBIDDEN',
      'attribute',
      /the input `name`/,
    ],
    [
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
      ['name', 'email'],
      'FORBIDDEN',
      'attribute',
      /one of the inputs `name`, `email`/,
    ],
    [
      'InvalidParameterException',
      'Attributes did not conform to the schema: nickname: String must be no longer than 10 characters',
      ['name', 'nickname'],
      'BAD_USER_INPUT',
      'pool_value',
      /the input `nickname`/,
    ],
    [
      'InvalidParameterException',
      'user.given_name: Attribute cannot be updated.',
      ['name', 'givenName'],
      'BAD_USER_INPUT',
      'pool_value',
      /the input `givenName`/,
    ],
    [
      'InvalidParameterException',
      'Invalid email address format.',
      ['name', 'email'],
      'BAD_USER_INPUT',
      'pool_value',
      /the input `email`/,
    ],
    [
      'InvalidParameterException',
      'Invalid phone number format.',
      ['email', 'phoneNumber'],
      'BAD_USER_INPUT',
      'pool_value',
      /the input `phoneNumber`/,
    ],
    [
      'InvalidParameterException',
      'Something else.',
      ['name', 'locale'],
      'BAD_USER_INPUT',
      'pool_value',
      /one of the inputs `name`, `locale`/,
    ],
    [
      'AliasExistsException',
      'Already found an entry for username x',
      ['name', 'email'],
      'CONFLICT',
      'alias',
      /the input `email`/,
    ],
    [
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
      ['name'],
      'RATE_LIMITED',
      'pool_limit',
      /too many/,
    ],
    [
      'CodeDeliveryFailureException',
      'Unable to deliver message',
      ['email'],
      'UNAVAILABLE',
      'delivery',
      /could not send/,
    ],
    [
      'UserLambdaValidationException',
      'CustomMessage failed with error x.',
      ['email'],
      'UNAVAILABLE',
      'delivery',
      /could not send/,
    ],
    [
      'PasswordResetRequiredException',
      'Password reset required for the user',
      ['name'],
      'FORBIDDEN',
      'status',
      /not ready/,
    ],
    [
      'UserNotConfirmedException',
      'User is not confirmed.',
      ['name'],
      'FORBIDDEN',
      'status',
      /not ready/,
    ],
  ])('as %s (%s) of %j is %s, %s', async (name, message, given, code, reason, text) => {
    const error = await failure(name, message);
    if (!(error instanceof OwnAttributesError)) throw error;
    const refusal = refusalOf(error, given);
    expect(refusal).toMatchObject({ code, reason });
    expect(refusal.message).toMatch(text);
    // The pool's words may hold values.
    expect(error.message).not.toContain(message);
  });

  test('says nothing about the pool: others go on asking it', async () => {
    for (let times = 0; times < 10; times++) await failure('AliasExistsException', 'x');
    expect(refusing.pool.trouble).toBeUndefined();
  });
});

test('a user who is not there, and a pool that fails, are told apart from that', async () => {
  expect(await failure('UserNotFoundException', 'x')).toBeInstanceOf(PoolUserNotFoundError);
  expect(await failure('InternalErrorException', 'x')).toBeInstanceOf(PoolUnavailableError);
});
