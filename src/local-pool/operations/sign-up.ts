import { z } from 'zod';
import { type Account, type Attributes } from '../account.js';
import {
  attributeList,
  changed,
  missingAttributes,
  ownAttributesFrom,
  refuseFaults,
} from '../attributes.js';
import { CognitoError, invalidParameter, notAuthorized, userNotFound } from '../errors.js';
import { newCode } from '../ids.js';
import { name, operation } from '../operation.js';
import { checkPassword } from '../password-policy.js';
import type { Pool, PoolClient } from '../pool-store.js';
import { srpVerifier } from '../srp.js';
import { named } from '../usernames.js';

/** Milliseconds. */
const CODE_LIFETIME = 24 * 3_600_000;

const signUp = z.object({
  ClientId: z.string(),
  Username: name,
  Password: z.string().max(256),
  UserAttributes: attributeList,
});

const confirmSignUp = z.object({
  ClientId: z.string(),
  Username: name,
  ConfirmationCode: z.string().min(1).max(2048),
  ForceAliasCreation: z.boolean().default(false),
});

export const signUpOperations = {
  SignUp: operation('public', signUp, async (input, { pools, accounts, deliver }) => {
    const pool = await pools.pool((await pools.client(input.ClientId)).poolId);
    if (pool.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly)
      throw notAuthorized('SignUp is not permitted for this user pool');
    checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
    const { sub, username, attributes } = named(
      pool,
      input.Username,
      signUpAttributes(pool, ownAttributesFrom(pool, input.UserAttributes)),
    );
    refuseFaults(
      missingAttributes(pool, attributes).map((missing) => `${missing}: The attribute is required`),
    );
    const code = { value: newCode(), expiresAt: Date.now() + CODE_LIFETIME };
    const account = { sub, username, attributes: changed({}, attributes), code };
    const srp = srpVerifier(pool, username, input.Password);
    await accounts.add(pool, { ...account, status: 'UNCONFIRMED', srp }, 'refuse');
    const delivery = deliveryOf(pool, attributes);
    // A development stand-in sends nothing: its log is the mailbox.
    if (delivery) deliver(`code ${code.value} for ${delivery.destination}`);
    return {
      UserConfirmed: false,
      UserSub: sub,
      ...(delivery && { CodeDeliveryDetails: delivery.details }),
    };
  }),

  ConfirmSignUp: operation('public', confirmSignUp, async (input, { pools, accounts }) => {
    const client = await pools.client(input.ClientId);
    const pool = await pools.pool(client.poolId);
    const account = await accounts.find(pool, input.Username);
    if (account === undefined) throw unknownUser(client);
    const conflict = input.ForceAliasCreation ? 'take over' : 'refuse';
    await accounts.change(
      pool,
      account,
      (current) => confirmed(pool, current, input.ConfirmationCode),
      conflict,
    );
    return {};
  }),
};

/** Where the client says so, an unknown name is answered as a stale code is. */
function unknownUser({ settings }: PoolClient): CognitoError {
  return settings.PreventUserExistenceErrors === 'ENABLED' ? expiredCode() : userNotFound();
}

/** @throws CognitoError InvalidParameterException */
function signUpAttributes(pool: Pool, attributes: Attributes): Attributes {
  const { AliasAttributes } = pool.settings;
  if (attributes.preferred_username && AliasAttributes.includes('preferred_username'))
    throw invalidParameter('preferred_username cannot be provided for an unconfirmed account.');
  return attributes;
}

/** What confirming changes of an account. @throws CognitoError */
function confirmed(pool: Pool, { status, code, attributes }: Account, answer: string) {
  if (status !== 'UNCONFIRMED')
    throw notAuthorized(`User cannot be confirmed. Current status is ${status}`);
  if (code?.value !== answer)
    throw new CognitoError(
      'CodeMismatchException',
      'Invalid verification code provided, please try again.',
    );
  if (code.expiresAt <= Date.now()) throw expiredCode();
  const medium = deliveryOf(pool, attributes)?.medium;
  return {
    status: 'CONFIRMED' as const,
    attributes: medium ? { ...attributes, [`${medium}_verified`]: 'true' } : attributes,
    code: undefined,
  };
}

/** Where a code goes: to the phone, where both are verified ("SignUp" of the API reference). */
function deliveryOf({ settings }: Pool, attributes: Attributes) {
  const medium = (['phone_number', 'email'] as const).find(
    (kind) => settings.AutoVerifiedAttributes.includes(kind) && attributes[kind],
  );
  const destination = medium && attributes[medium];
  if (!destination) return undefined;
  const details = {
    AttributeName: medium,
    DeliveryMedium: medium === 'email' ? 'EMAIL' : 'SMS',
    Destination: masked(destination),
  };
  return { medium, destination, details };
}

function masked(destination: string): string {
  const [local = '', domain] = destination.split('@');
  return domain === undefined
    ? `+*******${destination.slice(-4)}`
    : `${local.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}

const expiredCode = () =>
  new CognitoError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
