import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import type { ClientPlace } from './place.js';

let client: sdk.CognitoIdentityProvider | undefined;

/** The AWS SDK without credentials, which no page has. */
export const awsSdk = {
  configure({ endpoint }: ClientPlace): void {
    client = new sdk.CognitoIdentityProvider({ region: 'us-east-1', endpoint });
  },
  signUp: (input: sdk.SignUpCommandInput) => configured().signUp(input),
  confirmSignUp: (input: sdk.ConfirmSignUpCommandInput) => configured().confirmSignUp(input),
  initiateAuth: (input: sdk.InitiateAuthCommandInput) => configured().initiateAuth(input),
  getUser: (input: sdk.GetUserCommandInput) => configured().getUser(input),
  revokeToken: (input: sdk.RevokeTokenCommandInput) => configured().revokeToken(input),
  globalSignOut: (input: sdk.GlobalSignOutCommandInput) => configured().globalSignOut(input),
};

function configured(): sdk.CognitoIdentityProvider {
  if (client === undefined) throw new Error('Call configure() first.');
  return client;
}
