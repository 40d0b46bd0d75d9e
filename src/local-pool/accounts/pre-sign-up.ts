import type { ClientMetadata } from '../operation.js';
import type { PreSignUpEvent, Triggers } from '../triggers.js';
import type { NewAccount } from './account.js';
import { type AttributeList, recordOf } from './attributes.js';

interface Application {
  readonly source: PreSignUpEvent['triggerSource'];
  readonly poolId: string;
  readonly clientId: string;
  /** As the caller gave them. */
  readonly attributes: AttributeList;
  readonly validationData: AttributeList;
  readonly clientMetadata: ClientMetadata;
}

/** An account as the PreSignUp trigger lets it be. @throws CognitoError where it refuses */
export async function admitted(
  account: NewAccount,
  { source, poolId, clientId, attributes, validationData, clientMetadata }: Application,
  triggers: Triggers,
): Promise<NewAccount> {
  const { autoConfirmUser, autoVerifyEmail, autoVerifyPhone } = await triggers.call('PreSignUp', {
    source,
    poolId,
    clientId,
    username: account.username,
    request: {
      userAttributes: recordOf(attributes),
      validationData: recordOf(validationData),
      ...(clientMetadata && { clientMetadata }),
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
  // An invitation is confirmed by its first sign-in ("Pre sign-up Lambda trigger" in the developer guide).
  if (source === 'PreSignUp_AdminCreateUser') return account;
  const { email, phone_number } = account.attributes;
  return {
    ...account,
    status: autoConfirmUser ? 'CONFIRMED' : account.status,
    attributes: {
      ...account.attributes,
      ...(autoVerifyEmail && email && { email_verified: 'true' }),
      ...(autoVerifyPhone && phone_number && { phone_number_verified: 'true' }),
    },
  };
}
