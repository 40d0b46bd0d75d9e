import type { PoolUnderTest } from './pool-under-test.js';

/** An AWS page that says what a check expects. */
export interface Source {
  readonly title: string;
  /** On docs.aws.amazon.com. */
  readonly url: string;
}

/** One thing that AWS's documentation says of user pools. */
export interface Check {
  /** A sentence. */
  readonly name: string;
  readonly source: Source;
  /** `mailbox`: it has Cognito send messages, and reads a code out of them. */
  readonly needs?: 'mailbox';
  /** @throws Difference where the pool does otherwise */
  readonly run: (pool: PoolUnderTest) => Promise<void>;
}

/** The checks of one part of the API. */
export interface Topic {
  readonly name: string;
  readonly checks: readonly Check[];
}

/** A page of the API reference, by the name of its operation or type. */
export function api(name: string): Source {
  return {
    title: `${name} (API reference)`,
    url: `https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_${name}.html`,
  };
}

function guide(title: string, page: string): Source {
  return {
    title: `${title} (developer guide)`,
    url: `https://docs.aws.amazon.com/cognito/latest/developerguide/${page}.html`,
  };
}

/** Pages that several checks come from. */
export const pages = {
  accessToken: guide(
    'Understanding the access token',
    'amazon-cognito-user-pools-using-the-access-token',
  ),
  idToken: guide(
    'Understanding the identity (ID) token',
    'amazon-cognito-user-pools-using-the-id-token',
  ),
  refreshToken: guide('Refresh tokens', 'amazon-cognito-user-pools-using-the-refresh-token'),
  revocation: guide('Ending user sessions with token revocation', 'token-revocation'),
  verifying: guide(
    'Verifying JSON web tokens',
    'amazon-cognito-user-pools-using-tokens-verifying-a-jwt',
  ),
  flows: guide('Authentication flows', 'amazon-cognito-user-pools-authentication-flow-methods'),
  existence: guide('Managing user existence error responses', 'cognito-user-pool-managing-errors'),
  signUp: guide('Signing up and confirming user accounts', 'signing-up-users-in-your-app'),
  attributes: guide('Working with user attributes', 'user-pool-settings-attributes'),
  clients: guide(
    'Application-specific settings with app clients',
    'user-pool-settings-client-apps',
  ),
  accounts: guide('Managing and searching for user accounts', 'how-to-manage-user-accounts'),
  creating: guide('Creating user accounts as administrator', 'how-to-create-user-accounts'),
  groups: guide('Adding groups to a user pool', 'cognito-user-pools-user-groups'),
  passwords: guide(
    'Passwords, account recovery, and password policies',
    'managing-users-passwords',
  ),
  updating: guide('Updating user pool and app client configuration', 'cognito-user-pool-updating'),
  deletionProtection: guide(
    'User pool deletion protection',
    'user-pool-settings-deletion-protection',
  ),
  commonErrors: {
    title: 'Common Errors (API reference)',
    url: 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html',
  },
  commonParameters: {
    title: 'Common Parameters (API reference)',
    url: 'https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonParameters.html',
  },
} as const;
