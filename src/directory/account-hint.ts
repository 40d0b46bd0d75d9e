import { z } from 'zod';

/** A sign that an account may have changed at its pool. Not to be trusted: the pool is asked. */
export interface AccountHint {
  /** Absent where whoever hints does not tell. */
  readonly poolId?: string | undefined;
  /** `subject`, `username` or both. */
  readonly subject?: string | undefined;
  readonly username?: string | undefined;
  /** When every sign-in of the account was ended, by whoever hints. No pool can be asked about that. */
  readonly signedOutAt?: Date | undefined;
}

/** What CloudTrail writes in place of a private value. */
const HIDDEN = /^HIDDEN_/;

const subject = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);
/** UsernameType of the API reference. */
const username = z
  .string()
  .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u)
  .refine((name) => !HIDDEN.test(name));

/** What is there but not as it should be counts as absent. */
const lenient = <Value>(schema: z.ZodType<Value>) => schema.optional().catch(undefined);

/** "User pool Lambda trigger event" of the developer guide. */
const triggerEvent = z
  .object({
    triggerSource: z.string(),
    userPoolId: z.string(),
    userName: lenient(username),
    request: lenient(z.object({ userAttributes: lenient(z.object({ sub: lenient(subject) })) })),
  })
  .transform(({ userPoolId, userName, request }) => ({
    poolId: userPoolId,
    username: userName,
    subject: request?.userAttributes?.sub,
  }));

/**
 * Operations after which an account is another. Those that read must not be among them: our own read would
 * be a hint to read again.
 */
const CHANGES: ReadonlySet<string> = new Set([
  'AdminAddUserToGroup',
  'AdminConfirmSignUp',
  'AdminCreateUser',
  'AdminDeleteUser',
  'AdminDeleteUserAttributes',
  'AdminDisableProviderForUser',
  'AdminDisableUser',
  'AdminEnableUser',
  'AdminLinkProviderForUser',
  'AdminRemoveUserFromGroup',
  'AdminResetUserPassword',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'DeleteUser',
  'DeleteUserAttributes',
  'SignUp',
  'UpdateUserAttributes',
  'VerifyUserAttribute',
]);

/** Operations that end every sign-in of an account. RevokeToken, which ends one, does not tell which. */
const SIGN_OUTS: ReadonlySet<string> = new Set(['AdminUserGlobalSignOut', 'GlobalSignOut']);

/** "Amazon Cognito logging in AWS CloudTrail" of the developer guide, in EventBridge's envelope. */
const cloudTrailEvent = z
  .object({
    source: z.literal('aws.cognito-idp'),
    'detail-type': z.literal('AWS API Call via CloudTrail'),
    detail: z.object({
      eventName: z.string().refine((name) => CHANGES.has(name) || SIGN_OUTS.has(name)),
      eventTime: lenient(z.iso.datetime({ offset: true })),
      // An operation that failed has changed nothing.
      errorCode: z.literal('').optional(),
      requestParameters: lenient(
        z.object({ userPoolId: lenient(z.string()), username: lenient(username) }),
      ),
      additionalEventData: lenient(z.object({ sub: lenient(subject) })),
    }),
  })
  .transform(({ detail: { eventName, eventTime, requestParameters, additionalEventData } }) => ({
    poolId: requestParameters?.userPoolId,
    username: requestParameters?.username,
    subject: additionalEventData?.sub,
    ...(eventTime !== undefined &&
      SIGN_OUTS.has(eventName) && { signedOutAt: new Date(eventTime) }),
  }));

const event = z.union([cloudTrailEvent, triggerEvent]);

/** The hint in an event of a Lambda trigger or of CloudTrail; undefined for anything else. */
export function hintIn(given: unknown): AccountHint | undefined {
  const hint = event.safeParse(given).data;
  return hint?.subject === undefined && hint?.username === undefined ? undefined : hint;
}
