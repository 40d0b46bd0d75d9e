import { z } from 'zod';
import type { Attributes, NewAccount } from '../accounts/account.js';
import {
  attributeList,
  changed,
  missingAttributes,
  ownAttributesFrom,
  refuseFaults,
} from '../accounts/attributes.js';
import { answered, codeFor, expiredCode } from '../accounts/codes.js';
import { announce, confirmedWith } from '../accounts/confirmation.js';
import { deliveryOf, detailsOf, notify, simulatedDetails } from '../accounts/delivery.js';
import { checkPassword } from '../accounts/password-policy.js';
import { admitted } from '../accounts/pre-sign-up.js';
import { srpVerifier } from '../accounts/srp.js';
import { named } from '../accounts/usernames.js';
import { invalidParameter, notAuthorized, userNotFound } from '../errors.js';
import { clientMetadata, NO_CLIENT, name, ofUser, operation, type Stores } from '../operation.js';
import { allowsFlow } from '../pools/client-settings.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';
import { checkSecretHash } from '../pools/secret-hash.js';
import { onUser } from './on-user.js';
import { CONFIRMED_SIGN_UP, invalidSession } from './sign-in-flows.js';

const ofClient = z.object({
  ClientId: z.string(),
  Username: name,
  SecretHash: z.string().min(1).max(128).optional(),
  ClientMetadata: clientMetadata,
});

const signUp = ofClient.extend({
  Password: z.string().max(256),
  UserAttributes: attributeList,
  ValidationData: attributeList,
});

const confirmSignUp = ofClient.extend({
  ConfirmationCode: z.string().min(1).max(2048),
  ForceAliasCreation: z.boolean().default(false),
  Session: z.string().min(20).max(2048).optional(),
});

/** The kind of the challenge between a sign-up and its confirmation. */
const SIGN_UP = 'SIGN_UP';

/** From a new account to a confirmed one. */
export const signUpOperations = {
  SignUp: operation('public', signUp, async (input, stores) => {
    const client = await stores.pools.client(input.ClientId);
    checkSecretHash(client, input.SecretHash, input.Username);
    const pool = await stores.pools.pool(client.poolId);
    if (pool.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly)
      throw notAuthorized('SignUp is not permitted for this user pool');
    checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
    const own = ownAttributesFrom(pool, client, input.UserAttributes);
    const applicant = applicantOf(pool, input.Username, own);
    const { ClientMetadata } = input;
    const accepted = await admitted(
      applicant,
      {
        source: 'PreSignUp_SignUp',
        poolId: pool.id,
        clientId: client.id,
        attributes: input.UserAttributes,
        validationData: input.ValidationData,
        clientMetadata: ClientMetadata,
      },
      stores.triggers,
    );
    const code = codeFor('sign-up');
    const password = srpVerifier(pool, applicant.username, input.Password);
    const isConfirmed = accepted.status === 'CONFIRMED';
    const account = await stores.accounts.add(
      pool,
      { ...accepted, password, ...(!isConfirmed && { codes: { 'sign-up': code } }) },
      'refuse',
    );
    const delivery = isConfirmed ? undefined : deliveryOf(pool, account.attributes);
    if (isConfirmed)
      await announce(
        {
          source: 'PostConfirmation_ConfirmSignUp',
          account,
          clientId: client.id,
          clientMetadata: ClientMetadata,
        },
        stores,
      );
    if (delivery !== undefined)
      await notify(
        {
          source: 'CustomMessage_SignUp',
          account,
          clientId: client.id,
          secret: code.value,
          to: delivery.destination,
          clientMetadata: ClientMetadata,
        },
        stores,
      );
    const kind = isConfirmed ? CONFIRMED_SIGN_UP : SIGN_UP;
    return {
      UserConfirmed: isConfirmed,
      UserSub: account.sub,
      ...(delivery && { CodeDeliveryDetails: detailsOf(delivery) }),
      ...(await sessionOf(kind, account.sub, client, stores)),
    };
  }),

  ConfirmSignUp: operation('public', confirmSignUp, async (input, stores) => {
    const client = await stores.pools.client(input.ClientId);
    checkSecretHash(client, input.SecretHash, input.Username);
    const pool = await stores.pools.pool(client.poolId);
    const account = await stores.accounts.find(pool, input.Username);
    if (account === undefined) throw unknownUser(client);
    if (input.Session !== undefined) {
      const begun = await stores.challenges.find(client, input.Session);
      if (begun?.kind !== SIGN_UP || begun.state.sub !== account.sub) throw invalidSession();
    }
    const conflict = input.ForceAliasCreation ? 'take over' : 'refuse';
    await stores.accounts.change(
      pool,
      account,
      (current) => {
        refuseConfirmed(current.status);
        answered(current.codes, 'sign-up', input.ConfirmationCode);
        return { ...confirmedWith(pool, current), codes: {} };
      },
      conflict,
    );
    const source = 'PostConfirmation_ConfirmSignUp';
    const { ClientMetadata } = input;
    await announce(
      { source, account, clientId: client.id, clientMetadata: ClientMetadata },
      stores,
    );
    return sessionOf(CONFIRMED_SIGN_UP, account.sub, client, stores);
  }),

  ResendConfirmationCode: operation('public', ofClient, async (input, stores) => {
    const client = await stores.pools.client(input.ClientId);
    checkSecretHash(client, input.SecretHash, input.Username);
    const pool = await stores.pools.pool(client.poolId);
    const account = await stores.accounts.find(pool, input.Username);
    if (account === undefined) {
      if (client.settings.PreventUserExistenceErrors !== 'ENABLED') throw userNotFound();
      return { CodeDeliveryDetails: simulatedDetails(input.Username) };
    }
    if (account.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
    const delivery = deliveryOf(pool, account.attributes);
    if (delivery === undefined)
      throw invalidParameter('Cannot resend codes. Auto verification not turned on.');
    const code = codeFor('sign-up');
    await stores.accounts.change(pool, account, ({ codes }) => ({
      codes: { ...codes, 'sign-up': code },
    }));
    await notify(
      {
        source: 'CustomMessage_ResendCode',
        account,
        clientId: client.id,
        secret: code.value,
        to: delivery.destination,
        clientMetadata: input.ClientMetadata,
      },
      stores,
    );
    return { CodeDeliveryDetails: detailsOf(delivery) };
  }),

  AdminConfirmSignUp: onUser(
    ofUser.extend({ ClientMetadata: clientMetadata }),
    async ({ account, pool, stores, input }) => {
      await stores.accounts.change(pool, account, ({ status }) => {
        refuseConfirmed(status);
        return { status: 'CONFIRMED', codes: {} };
      });
      const source = 'PostConfirmation_ConfirmSignUp';
      const { ClientMetadata } = input;
      await announce(
        { source, account, clientId: NO_CLIENT, clientMetadata: ClientMetadata },
        stores,
      );
      return {};
    },
  ),
};

/** Where the client says so, an unknown name is answered as a stale code is. */
function unknownUser({ settings }: PoolClient): Error {
  return settings.PreventUserExistenceErrors === 'ENABLED' ? expiredCode() : userNotFound();
}

/** @throws CognitoError NotAuthorizedException */
function refuseConfirmed(status: string): void {
  if (status !== 'UNCONFIRMED')
    throw notAuthorized(`User cannot be confirmed. Current status is ${status}`);
}

/** @throws CognitoError InvalidParameterException */
function applicantOf(pool: Pool, username: string, own: Attributes): NewAccount {
  const { AliasAttributes } = pool.settings;
  if (own.preferred_username && AliasAttributes.includes('preferred_username'))
    throw invalidParameter('preferred_username cannot be provided for an unconfirmed account.');
  const applicant = named(pool, username, own);
  refuseFaults(
    missingAttributes(pool, applicant.attributes).map(
      (missing) => `${missing}: The attribute is required`,
    ),
  );
  return { ...applicant, attributes: changed({}, applicant.attributes), status: 'UNCONFIRMED' };
}

/** What lets the client go on without asking again, where it signs in by choice. */
async function sessionOf(
  kind: string,
  sub: string,
  client: PoolClient,
  { challenges }: Stores,
): Promise<{ readonly Session?: string }> {
  if (!allowsFlow(client.settings, 'USER_AUTH')) return {};
  return { Session: await challenges.add(client, { kind, state: { sub } }) };
}
