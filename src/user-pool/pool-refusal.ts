import { type PoolFault, PoolRefusalError } from './errors.js';
import { isPoolException } from './pool-exception.js';

/** By the name of the exception, as the API reference lists them for the operations of administrators. */
const FAULTS: ReadonlyMap<string, PoolFault> = new Map([
  ['UsernameExistsException', 'username'],
  ['AliasExistsException', 'alias'],
  ['GroupExistsException', 'group'],
  ['InvalidParameterException', 'value'],
  ['InvalidPasswordException', 'password'],
  ['UnsupportedUserStateException', 'status'],
  // AdminResetUserPassword in a state that allows none; credentials are refused by other names.
  ['NotAuthorizedException', 'status'],
  ['UserNotConfirmedException', 'status'],
  ['PreconditionNotMetException', 'status'],
  ['LimitExceededException', 'limit'],
  ['CodeDeliveryFailureException', 'delivery'],
  ['InvalidEmailRoleAccessPolicyException', 'delivery'],
  ['InvalidSmsRoleAccessPolicyException', 'delivery'],
  ['InvalidSmsRoleTrustRelationshipException', 'delivery'],
  ['InvalidLambdaResponseException', 'trigger'],
  ['UnexpectedLambdaException', 'trigger'],
  ['UserLambdaValidationException', 'trigger'],
]);

/** Throws what is about the user or the group as `PoolRefusalError`, anything else as it is. */
export function throwRefusal(error: unknown): never {
  const fault = isPoolException(error) ? FAULTS.get(error.name) : undefined;
  if (fault === undefined) throw error;
  throw new PoolRefusalError(fault, error instanceof Error ? error.message : '');
}
