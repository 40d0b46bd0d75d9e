export { CallBudget, type CallCounts } from './call-budget.js';
export { CognitoUserPool } from './cognito-user-pool.js';
export {
  OwnAttributesError,
  type OwnAttributesFault,
  PageTokenRefusedError,
  type PoolFault,
  PoolGroupNotFoundError,
  PoolNotConfiguredError,
  PoolRefusalError,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from './errors.js';
export { faultOf, type ObserveCall } from './observed-calls.js';
export type { GroupSettings, Invitation, InvitedUser, PoolAdmin, PoolGroup } from './pool-admin.js';
export { isThrottled, mayBeDone, PoolConnection, regionOf } from './pool-connection.js';
export type {
  CodeDelivery,
  PoolTrouble,
  PoolUser,
  PoolUserPage,
  PoolUserStatus,
  UserPool,
} from './user-pool.js';
