/** The operations that share a quota ("Quotas in Amazon Cognito" in the developer guide). */
const OPERATIONS = {
  UserAuthentication: [
    'InitiateAuth',
    'RespondToAuthChallenge',
    'AdminInitiateAuth',
    'AdminRespondToAuthChallenge',
    'GetTokensFromRefreshToken',
  ],
  UserCreation: ['SignUp', 'ConfirmSignUp', 'AdminCreateUser', 'AdminConfirmSignUp'],
  UserAccountRecovery: [
    'ForgotPassword',
    'ConfirmForgotPassword',
    'ChangePassword',
    'AdminResetUserPassword',
    'AdminSetUserPassword',
  ],
  UserRead: ['AdminGetUser', 'GetUser'],
  UserUpdate: [
    'UpdateUserAttributes',
    'DeleteUserAttributes',
    'VerifyUserAttribute',
    'DeleteUser',
    'GlobalSignOut',
    'AdminUpdateUserAttributes',
    'AdminDeleteUserAttributes',
    'AdminEnableUser',
    'AdminDisableUser',
    'AdminDeleteUser',
    'AdminAddUserToGroup',
    'AdminRemoveUserFromGroup',
    'AdminUserGlobalSignOut',
  ],
  UserToken: ['RevokeToken'],
  UserResourceRead: [
    'AdminListGroupsForUser',
    'ResendConfirmationCode',
    'GetUserAttributeVerificationCode',
  ],
  UserList: ['ListUsers', 'ListUsersInGroup'],
  UserPoolRead: ['DescribeUserPool', 'ListUserPools'],
  UserPoolUpdate: ['CreateUserPool', 'UpdateUserPool', 'DeleteUserPool'],
  UserPoolResourceRead: ['GetGroup', 'ListGroups', 'DescribeResourceServer', 'ListResourceServers'],
  UserPoolResourceUpdate: [
    'AddCustomAttributes',
    'CreateGroup',
    'UpdateGroup',
    'DeleteGroup',
    'CreateResourceServer',
    'UpdateResourceServer',
    'DeleteResourceServer',
  ],
  UserPoolClientRead: ['DescribeUserPoolClient', 'ListUserPoolClients'],
  UserPoolClientUpdate: ['CreateUserPoolClient', 'UpdateUserPoolClient', 'DeleteUserPoolClient'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const QUOTA_CATEGORIES: readonly string[] = Object.keys(OPERATIONS);

const BY_OPERATION: ReadonlyMap<string, string> = new Map(
  Object.entries(OPERATIONS).flatMap(([category, names]) =>
    names.map((name): [string, string] => [name, category]),
  ),
);

/** Undefined for what is no operation of the local pool. */
export function quotaCategoryOf(operation: string): string | undefined {
  return BY_OPERATION.get(operation);
}
