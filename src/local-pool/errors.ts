/** An error of the user pools API, by its name there; answered with status 400. */
export class CognitoError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
    this.name = 'CognitoError';
  }
}

export const invalidParameter = (message: string) =>
  new CognitoError('InvalidParameterException', message);
export const notAuthorized = (message: string) =>
  new CognitoError('NotAuthorizedException', message);
export const notFound = (message: string) => new CognitoError('ResourceNotFoundException', message);
export const userNotFound = () => new CognitoError('UserNotFoundException', 'User does not exist.');
export const userDisabled = () => notAuthorized('User is disabled.');
export const wrongCredentials = () => notAuthorized('Incorrect username or password.');
