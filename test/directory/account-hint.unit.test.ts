import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hintIn } from '../../src/directory/account-hint.js';

const SUB = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const POOL = 'eu-west-1_Ab12Cd34E';

/** As EventBridge delivers what CloudTrail wrote; private values are hidden. */
function cloudTrail(detail: object) {
  return {
    version: '0',
    id: '7f2c1b0a-1111-2222-3333-444455556666',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.cognito-idp',
    account: '111122223333',
    region: 'eu-west-1',
    detail: {
      eventSource: 'cognito-idp.amazonaws.com',
      eventName: 'AdminUpdateUserAttributes',
      requestParameters: {
        userPoolId: POOL,
        username: 'HIDDEN_DUE_TO_SECURITY_REASONS',
        userAttributes: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      },
      responseElements: null,
      additionalEventData: { sub: SUB },
      readOnly: false,
      ...detail,
    },
  };
}

function trigger(changes: object = {}) {
  return {
    version: '1',
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    region: 'eu-west-1',
    userPoolId: POOL,
    userName: 'uma',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
    request: { userAttributes: { sub: SUB, email: 'uma@example.com' } },
    response: {},
    ...changes,
  };
}

describe('a hint', () => {
  test.each([
    ['a trigger', trigger(), { poolId: POOL, username: 'uma', subject: SUB }],
    ['a trigger without sub', trigger({ request: {} }), { poolId: POOL, username: 'uma' }],
    ['CloudTrail', cloudTrail({}), { poolId: POOL, subject: SUB }],
    [
      'CloudTrail with a name',
      cloudTrail({ requestParameters: { userPoolId: POOL, username: 'uma' } }),
      { poolId: POOL, username: 'uma', subject: SUB },
    ],
    [
      'a call with a token, which names no pool',
      cloudTrail({
        eventName: 'UpdateUserAttributes',
        requestParameters: { accessToken: 'HIDDEN' },
      }),
      { subject: SUB },
    ],
    [
      'a call without parameters',
      cloudTrail({ eventName: 'VerifyUserAttribute', requestParameters: null }),
      { subject: SUB },
    ],
  ])('is in %s', (_what, event, hint) => {
    expect(hintIn(event)).toEqual(hint);
  });

  test.each([
    ['what is no object', 'uma'],
    ['an empty object', {}],
    ['a call that only reads, such as our own', cloudTrail({ eventName: 'AdminGetUser' })],
    ['a call that failed', cloudTrail({ errorCode: 'UserNotFoundException' })],
    ['a call of another service', { ...cloudTrail({}), source: 'aws.s3' }],
    [
      'a call that tells of nobody',
      cloudTrail({ additionalEventData: null, requestParameters: { userPoolId: POOL } }),
    ],
    ['a trigger of nobody', trigger({ userName: undefined, request: {} })],
    ['a name that no user can have', trigger({ userName: 'a b\u0000', request: {} })],
    ['a name without an end', trigger({ userName: 'x'.repeat(129), request: {} })],
  ])('is not in %s', (_what, event) => {
    expect(hintIn(event)).toBeUndefined();
  });

  test('is looked for in anything without a fault', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        hintIn(value);
        hintIn(trigger({ userName: value, request: value }));
        hintIn(cloudTrail({ requestParameters: value, additionalEventData: value }));
      }),
    );
  });
});
