import { z } from 'zod';
import { attributeList, changed, ownAttributesFrom, srpIdentity } from '../attributes.js';
import { CognitoError, invalidParameter, notAuthorized } from '../errors.js';
import { newCode } from '../ids.js';
import { operation } from '../operation.js';
import { checkPassword } from '../password-policy.js';
import { srpVerifier } from '../srp.js';

/** Milliseconds. */
const CODE_LIFETIME = 24 * 3_600_000;

const signUp = z.object({
  ClientId: z.string(),
  Username: z.string().min(1).max(128),
  Password: z.string().max(256),
  UserAttributes: attributeList,
});

export const signUpOperations = {
  SignUp: operation('public', signUp, async (input, { pools, accounts, log }) => {
    const pool = await pools.pool((await pools.client(input.ClientId)).poolId);
    const { AliasAttributes, AutoVerifiedAttributes } = pool.settings;
    if (AliasAttributes.includes('email') && /^[^@\s]+@[^@\s]+$/.test(input.Username))
      throw invalidParameter(
        'Username cannot be of email format, since user pool is configured for email alias.',
      );
    checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
    const attributes = ownAttributesFrom(input.UserAttributes);
    const code = { value: newCode(), expiresAt: Date.now() + CODE_LIFETIME };
    const account = await accounts.add(pool, {
      username: input.Username,
      attributes: changed({}, attributes),
      status: 'UNCONFIRMED',
      srp: srpVerifier(srpIdentity(pool, input.Username), input.Password),
      code,
    });
    const [medium] = AutoVerifiedAttributes.filter((name) => attributes[name]);
    const destination = medium === undefined ? undefined : attributes[medium];
    // A development stand-in sends nothing: its log is the mailbox.
    if (destination) log.info({}, `code ${code.value} for ${destination}`);
    return {
      UserConfirmed: false,
      UserSub: account.sub,
      ...(medium &&
        destination && {
          CodeDeliveryDetails: {
            AttributeName: medium,
            DeliveryMedium: medium === 'email' ? 'EMAIL' : 'SMS',
            Destination: masked(destination),
          },
        }),
    };
  }),

  ConfirmSignUp: operation(
    'public',
    z.object({ ClientId: z.string(), Username: z.string(), ConfirmationCode: z.string() }),
    async ({ ClientId, Username, ConfirmationCode }, { pools, accounts }) => {
      const pool = await pools.pool((await pools.client(ClientId)).poolId);
      const account = await accounts.account(pool, Username);
      if (account.status !== 'UNCONFIRMED')
        throw notAuthorized(`User cannot be confirmed. Current status is ${account.status}`);
      if (account.code === undefined || account.code.value !== ConfirmationCode)
        throw new CognitoError(
          'CodeMismatchException',
          'Invalid verification code provided, please try again.',
        );
      if (account.code.expiresAt < Date.now())
        throw new CognitoError(
          'ExpiredCodeException',
          'Invalid code provided, please request a code again.',
        );
      const verified = pool.settings.AutoVerifiedAttributes.filter(
        (name) => account.attributes[name],
      );
      const attributes = {
        ...account.attributes,
        ...Object.fromEntries(verified.map((name) => [`${name}_verified`, 'true'])),
      };
      await accounts.claimAliases(pool, account, attributes);
      await accounts.change(account, { status: 'CONFIRMED', attributes, code: undefined });
      return {};
    },
  ),
};

function masked(destination: string): string {
  const [name = '', domain] = destination.split('@');
  return domain === undefined
    ? `+*******${destination.slice(-4)}`
    : `${name.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}
