import type { CognitoIdentityProviderServiceException } from '@aws-sdk/client-cognito-identity-provider';

/**
 * Whether it is what the pool itself answered, by one of these names where any are given, such as
 * `UserNotFoundException` ("Errors" of an operation in the API reference).
 */
export function isPoolException(
  error: unknown,
  ...names: readonly string[]
): error is CognitoIdentityProviderServiceException {
  const isAnswer = error instanceof Error && '$metadata' in error && '$fault' in error;
  return isAnswer && (names.length === 0 || names.includes(error.name));
}
