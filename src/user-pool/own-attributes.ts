import type {
  CodeDeliveryDetailsType,
  CognitoIdentityProviderClient,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { OwnAttributesError, type OwnAttributesFault } from './errors.js';
import { isPoolException } from './pool-exception.js';
import type { CodeDelivery } from './user-pool.js';

/**
 * Writes what users say of themselves, in one call: a blank value removes an attribute ("UpdateUserAttributes"
 * of the API reference), so that all of a change is taken or none.
 * @throws OwnAttributesError, and what the SDK throws for faults that are not about this user
 */
export async function writeOwnAttributes(
  client: CognitoIdentityProviderClient,
  command: UpdateUserAttributesCommand,
): Promise<readonly CodeDelivery[]> {
  try {
    const { CodeDeliveryDetailsList = [] } = await client.send(command);
    return CodeDeliveryDetailsList.map(deliveryOf);
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    throw new OwnAttributesError(fault, error instanceof Error ? error.message : '');
  }
}

/** By the name of the exception, as the API reference lists them. */
const FAULTS: ReadonlyMap<string, OwnAttributesFault> = new Map([
  ['InvalidParameterException', 'value'],
  ['AliasExistsException', 'alias'],
  ['LimitExceededException', 'limit'],
  ['ForbiddenException', 'token'],
  ['PasswordResetRequiredException', 'status'],
  ['UserNotConfirmedException', 'status'],
  ['CodeDeliveryFailureException', 'delivery'],
  ['InvalidEmailRoleAccessPolicyException', 'delivery'],
  ['InvalidSmsRoleAccessPolicyException', 'delivery'],
  ['InvalidSmsRoleTrustRelationshipException', 'delivery'],
  // Of the pool's own trigger that words the message.
  ['InvalidLambdaResponseException', 'delivery'],
  ['UnexpectedLambdaException', 'delivery'],
  ['UserLambdaValidationException', 'delivery'],
]);

/** Undefined for faults of the pool itself, of the way to it, and for a user who is not there. */
function faultOf(error: unknown): OwnAttributesFault | undefined {
  if (!isPoolException(error)) return undefined;
  if (error.name !== 'NotAuthorizedException') return FAULTS.get(error.name);
  // One exception for all of these; only its message tells them apart.
  if (/attribute/i.test(error.message)) return 'attribute';
  if (/scope/i.test(error.message)) return 'token';
  return /disabled/i.test(error.message) ? 'disabled' : 'revoked';
}

function deliveryOf(details: CodeDeliveryDetailsType): CodeDelivery {
  const { AttributeName = '', Destination = '', DeliveryMedium } = details;
  return {
    attribute: AttributeName,
    destination: Destination,
    medium: DeliveryMedium === 'SMS' ? 'SMS' : 'EMAIL',
  };
}
