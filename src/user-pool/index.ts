export { CallBudget, type CallCounts } from './call-budget.js';
export { CognitoUserPool } from './cognito-user-pool.js';
export {
  OwnAttributesError,
  type OwnAttributesFault,
  PageTokenRefusedError,
  PoolGroupNotFoundError,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from './errors.js';
export { isThrottled, PoolConnection, regionOf } from './pool-connection.js';
export type {
  CodeDelivery,
  PoolTrouble,
  PoolUser,
  PoolUserPage,
  PoolUserStatus,
  UserPool,
} from './user-pool.js';
