export { CognitoUserPool, type CognitoUserPoolOptions } from './cognito-user-pool.js';
export { PoolUnavailableError } from './errors.js';
export type { PoolUser, PoolUserPage, PoolUserStatus, UserPool } from './user-pool.js';
