import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusalOf } from '../../../src/features/back-office/pool-refusals.js';
import { PoolRefusalError, PoolUnavailableError } from '../../../src/user-pool/index.js';
import { type RefusingPool, startRefusingPool } from '../../support/refusing-pool.js';

let refusing: RefusingPool;
beforeAll(async () => {
  refusing = await startRefusingPool();
});
afterAll(() => refusing.close());

async function failure(name: string, message = 'x'): Promise<unknown> {
  refusing.answerWith(name, message);
  return refusing.pool.admin.resetPassword('uma').catch((error: unknown) => error);
}

/** The errors that the API reference lists for the operations of administrators. */
test.each([
  ['UsernameExistsException', 'CONFLICT', 'username'],
  ['AliasExistsException', 'CONFLICT', 'alias'],
  ['GroupExistsException', 'CONFLICT', 'group'],
  ['InvalidParameterException', 'BAD_USER_INPUT', 'pool_value'],
  ['InvalidPasswordException', 'BAD_USER_INPUT', 'password'],
  ['UnsupportedUserStateException', 'CONFLICT', 'status'],
  ['NotAuthorizedException', 'CONFLICT', 'status'],
  ['UserNotConfirmedException', 'CONFLICT', 'status'],
  ['PreconditionNotMetException', 'CONFLICT', 'status'],
  ['LimitExceededException', 'RATE_LIMITED', 'pool_limit'],
  ['CodeDeliveryFailureException', 'UNAVAILABLE', 'delivery'],
  ['InvalidEmailRoleAccessPolicyException', 'UNAVAILABLE', 'delivery'],
  ['InvalidSmsRoleAccessPolicyException', 'UNAVAILABLE', 'delivery'],
  ['InvalidSmsRoleTrustRelationshipException', 'UNAVAILABLE', 'delivery'],
  ['InvalidLambdaResponseException', 'CONFLICT', 'trigger'],
  ['UnexpectedLambdaException', 'CONFLICT', 'trigger'],
  ['UserLambdaValidationException', 'CONFLICT', 'trigger'],
])('what the pool refuses as %s is %s, %s', async (name, code, reason) => {
  const error = await failure(name, 'words of the pool');
  if (!(error instanceof PoolRefusalError)) throw error;
  const refusal = refusalOf(error, []);
  expect(refusal).toMatchObject({ code, reason, hint: expect.any(String) });
  // The pool's words may hold values.
  expect(refusal.message).not.toContain('words of the pool');
  const isLater = code === 'RATE_LIMITED' || code === 'UNAVAILABLE';
  expect('retryAfter' in refusal && refusal.retryAfter).toBe(isLater ? 60 : undefined);
});

test('a refusal says nothing about the pool: others go on asking it', async () => {
  for (let times = 0; times < 10; times++) await failure('LimitExceededException');
  expect(refusing.pool.trouble).toBeUndefined();
});

test('a pool that fails is no refusal', async () => {
  expect(await failure('InternalErrorException')).toBeInstanceOf(PoolUnavailableError);
});
