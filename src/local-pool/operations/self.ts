import { z } from 'zod';
import type { Account, Attributes, CodePurpose } from '../accounts/account.js';
import {
  attributeList,
  attributeListOf,
  changed,
  ownAttributesFrom,
  refuseImmutable,
  removalOf,
} from '../accounts/attributes.js';
import { answered, codeFor } from '../accounts/codes.js';
import { type Delivery, detailsOf, notify } from '../accounts/delivery.js';
import { invalidParameter, notAuthorized } from '../errors.js';
import { type ClientMetadata, clientMetadata, operation, type Stores } from '../operation.js';
import { isReadable, isWritable } from '../pools/client-attributes.js';
import type { Pool } from '../pools/pool-store.js';
import type { Holder } from '../tokens/token-issuer.js';
import type { MessageSource } from '../triggers.js';

const accessToken = z.object({ AccessToken: z.string().min(1) });
const attributeName = z.string().min(1).max(32);

/** What users read and write of themselves, with their own access tokens. */
export const selfOperations = {
  GetUser: operation('public', accessToken, async ({ AccessToken }, { tokens }) => {
    const { account, client } = await tokens.holderOf(AccessToken);
    const attributes = attributeListOf(account);
    return {
      Username: account.username,
      UserAttributes: attributes.filter(({ Name }) => isReadable(client.settings, Name)),
    };
  }),

  UpdateUserAttributes: operation(
    'public',
    accessToken.extend({ UserAttributes: attributeList, ClientMetadata: clientMetadata }),
    async ({ AccessToken, UserAttributes, ClientMetadata }, stores) => {
      const holder = await stores.tokens.holderOf(AccessToken);
      const { account, pool, client } = holder;
      const change = ownAttributesFrom(pool, client, UserAttributes);
      refuseImmutable(pool, change);
      const pending = awaitingProof(pool, account, change);
      const now = Object.entries(change).filter(
        ([name]) => !pending.some(({ medium, isKept }) => isKept && medium === name),
      );
      await stores.accounts.change(pool, account, ({ attributes }) => ({
        attributes: changed(attributes, Object.fromEntries(now)),
      }));
      for (const delivery of pending)
        await sendCode(
          holder,
          delivery,
          'CustomMessage_UpdateUserAttribute',
          ClientMetadata,
          stores,
        );
      return { CodeDeliveryDetailsList: pending.map(detailsOf) };
    },
  ),

  DeleteUserAttributes: operation(
    'public',
    accessToken.extend({ UserAttributeNames: z.array(attributeName) }),
    async ({ AccessToken, UserAttributeNames }, { tokens, accounts }) => {
      const { account, pool, client } = await tokens.holderOf(AccessToken);
      if (!UserAttributeNames.every((name) => isWritable(client.settings, name)))
        throw notAuthorized('A client attempted to write unauthorized attribute');
      const change = removalOf(pool, UserAttributeNames);
      await accounts.change(pool, account, ({ attributes }) => ({
        attributes: changed(attributes, change),
      }));
      return {};
    },
  ),

  GetUserAttributeVerificationCode: operation(
    'public',
    accessToken.extend({ AttributeName: attributeName, ClientMetadata: clientMetadata }),
    async ({ AccessToken, AttributeName, ClientMetadata }, stores) => {
      const holder = await stores.tokens.holderOf(AccessToken);
      const medium = mediumOf(AttributeName);
      const { attributes, codes } = holder.account;
      const destination = codes[medium]?.address ?? attributes[medium];
      if (!destination) throw invalidParameter(`The user has no ${medium} to verify.`);
      const delivery = { medium, destination, isKept: destination !== attributes[medium] };
      await sendCode(holder, delivery, 'CustomMessage_VerifyUserAttribute', ClientMetadata, stores);
      return { CodeDeliveryDetails: detailsOf(delivery) };
    },
  ),

  VerifyUserAttribute: operation(
    'public',
    accessToken.extend({ AttributeName: attributeName, Code: z.string().min(1).max(2048) }),
    async ({ AccessToken, AttributeName, Code }, { tokens, accounts }) => {
      const { account, pool } = await tokens.holderOf(AccessToken);
      const medium = mediumOf(AttributeName);
      await accounts.change(pool, account, ({ attributes, codes }) => {
        const { address } = answered(codes, medium, Code);
        const { [medium]: _answered, ...others } = codes;
        return {
          attributes: {
            ...attributes,
            ...(address !== undefined && { [medium]: address }),
            [`${medium}_verified`]: 'true',
          },
          codes: others,
        };
      });
      return {};
    },
  ),

  DeleteUser: operation('public', accessToken, async ({ AccessToken }, { tokens, accounts }) => {
    await accounts.remove((await tokens.holderOf(AccessToken)).account);
    return {};
  }),
};

/** An address that a code goes to; the old one is kept until the code comes back, where the pool wants that. */
type Proof = Delivery & { readonly isKept: boolean };

function awaitingProof({ settings }: Pool, account: Account, change: Attributes): Proof[] {
  const kept = settings.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate;
  return (['email', 'phone_number'] as const)
    .filter((medium) => change[medium] && change[medium] !== account.attributes[medium])
    .filter((medium) => settings.AutoVerifiedAttributes.includes(medium))
    .map((medium) => ({
      medium,
      destination: change[medium] ?? '',
      isKept: kept.includes(medium),
    }));
}

/** @throws CognitoError InvalidParameterException */
function mediumOf(name: string): Delivery['medium'] & CodePurpose {
  if (name === 'email' || name === 'phone_number') return name;
  throw invalidParameter('Only an email or a phone number can be verified.');
}

async function sendCode(
  { account, pool, client }: Holder,
  { medium, destination, isKept }: Proof,
  source: MessageSource,
  metadata: ClientMetadata,
  stores: Stores,
): Promise<void> {
  const code = codeFor(medium, isKept ? destination : undefined);
  await stores.accounts.change(pool, account, ({ codes }) => ({
    codes: { ...codes, [medium]: code },
  }));
  await notify(
    {
      source,
      account,
      clientId: client.id,
      secret: code.value,
      to: destination,
      clientMetadata: metadata,
    },
    stores,
  );
}
