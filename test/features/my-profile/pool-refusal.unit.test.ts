import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf } from '../../../src/features/my-profile/pool-refusal.js';
import type { ProfileInput } from '../../../src/features/my-profile/profile-change.js';
import {
  CallBudget,
  CognitoUserPool,
  OwnAttributesError,
  PoolConnection,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from '../../../src/user-pool/index.js';

/** Answers every call with one error, in Cognito's protocol: what the local pool cannot be made to say. */
let answering: { readonly name: string; readonly message: string };
let server: Server;
let budget: CallBudget;
let connection: PoolConnection;
let pool: CognitoUserPool;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ __type: answering.name, message: answering.message }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  budget = new CallBudget({
    region: 'us-east-1',
    slots: { take: async () => ({ wait: 0, interval: 0 }), pause: async () => undefined },
    share: { interactive: 1, bulk: 1 },
    isThrottled: () => false,
  });
  // It listens on TCP, so the address is no path.
  const { port } = server.address() as AddressInfo;
  connection = new PoolConnection({
    id: 'us-east-1_Ab12Cd34E',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    budget,
  });
  pool = new CognitoUserPool(connection);
});
afterAll(async () => {
  connection.close();
  budget.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function failure(name: string, message: string): Promise<unknown> {
  answering = { name, message };
  return pool.writeOwn('token', { name: 'x' }).catch((error: unknown) => error);
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
    expect(pool.trouble).toBeUndefined();
  });
});

test('a user who is not there, and a pool that fails, are told apart from that', async () => {
  expect(await failure('UserNotFoundException', 'x')).toBeInstanceOf(PoolUserNotFoundError);
  expect(await failure('InternalErrorException', 'x')).toBeInstanceOf(PoolUnavailableError);
});
