import { CognitoError } from '../errors.js';
import type { Stores } from '../operation.js';
import type { Pool } from '../pools/pool-store.js';
import { eventAttributes, type MessageSource } from '../triggers.js';
import type { Account, Attributes } from './account.js';

/** Where a code goes. */
export interface Delivery {
  readonly medium: 'email' | 'phone_number';
  readonly destination: string;
}

/** The phone before the e-mail address, where both would do ("SignUp" of the API reference). */
const MEDIA = ['phone_number', 'email'] as const;

/** Where a new account's code goes: to an address that the pool verifies. */
export function deliveryOf({ settings }: Pool, attributes: Attributes): Delivery | undefined {
  return firstOf(MEDIA, attributes, (medium) => settings.AutoVerifiedAttributes.includes(medium));
}

/** Where a code for a forgotten password goes: to a verified address, in the order that the pool says. */
export function recoveryOf({ settings }: Pool, attributes: Attributes): Delivery | undefined {
  const mechanisms = [...settings.AccountRecoverySetting.RecoveryMechanisms]
    .sort((left, right) => left.Priority - right.Priority)
    .flatMap(({ Name }) => MEDIA.filter((medium) => Name === `verified_${medium}`));
  return firstOf(mechanisms, attributes, (medium) => attributes[`${medium}_verified`] === 'true');
}

function firstOf(
  media: readonly Delivery['medium'][],
  attributes: Attributes,
  applies: (medium: Delivery['medium']) => boolean,
): Delivery | undefined {
  const medium = media.find((name) => attributes[name] && applies(name));
  const destination = medium && attributes[medium];
  return destination ? { medium, destination } : undefined;
}

/** CodeDeliveryDetailsType of the API. */
export function detailsOf({ medium, destination }: Delivery) {
  return {
    AttributeName: medium,
    DeliveryMedium: medium === 'email' ? 'EMAIL' : 'SMS',
    Destination: masked(destination),
  };
}

/** As for a user whom there is: whoever asks learns nothing. */
export function simulatedDetails(name: string) {
  return detailsOf({ medium: 'email', destination: `${name.slice(0, 1)}@example.com` });
}

function masked(destination: string): string {
  const [local = '', domain] = destination.split('@');
  return domain === undefined
    ? `+*******${destination.slice(-4)}`
    : `${local.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}

/** What is sent: a code, or the temporary password of an invitation. */
export interface Notice {
  readonly source: MessageSource;
  readonly account: Pick<Account, 'poolId' | 'sub' | 'username' | 'status' | 'attributes'>;
  readonly clientId: string;
  readonly secret: string;
  readonly to: string;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

const CODE = '{####}';
const USERNAME = '{username}';

/** Sends a notice, in the words of the trigger where there is one. @throws CognitoError */
export async function notify(
  { source, account, clientId, secret, to, clientMetadata }: Notice,
  { triggers, messages }: Pick<Stores, 'triggers' | 'messages'>,
): Promise<void> {
  const isInvitation = source === 'CustomMessage_AdminCreateUser';
  const custom = await triggers.call('CustomMessage', {
    source,
    poolId: account.poolId,
    clientId,
    username: account.username,
    request: {
      userAttributes: eventAttributes(account),
      codeParameter: CODE,
      usernameParameter: isInvitation ? USERNAME : null,
      ...(clientMetadata && { clientMetadata }),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  });
  const [subject, body] = isInvitation ? INVITATION : VERIFICATION;
  const isEmail = to.includes('@');
  const wording = (isEmail ? custom.emailMessage : custom.smsMessage) ?? body;
  const parameters = isInvitation ? [CODE, USERNAME] : [CODE];
  if (parameters.some((parameter) => !wording.includes(parameter)))
    throw new CognitoError(
      'InvalidLambdaResponseException',
      `The message has to contain ${parameters.join(' and ')}.`,
    );
  messages.send({
    to,
    subject: (isEmail ? custom.emailSubject : null) ?? subject,
    text: wording.replaceAll(CODE, secret).replaceAll(USERNAME, account.username),
    ...(isInvitation ? { line: `temporary password ${secret} for ${to}` } : { code: secret }),
  });
}

/** Subject and text, as Cognito has them by default. */
const VERIFICATION = ['Your verification code', `Your confirmation code is ${CODE}`] as const;
const INVITATION = [
  'Your temporary password',
  `Your username is ${USERNAME} and temporary password is ${CODE}`,
] as const;
