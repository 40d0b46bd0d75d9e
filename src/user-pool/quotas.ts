/**
 * Calls a second that AWS grants an account in a Region, by category, for all of its pools and whoever calls
 * them ("Quotas in Amazon Cognito", "API request rate quotas"); defaults that an account may have raised.
 */
export const QUOTAS = {
  UserRead: 120,
  UserList: 30,
  UserResourceRead: 50,
  UserUpdate: 25,
  UserCreation: 50,
  UserAccountRecovery: 30,
  UserPoolRead: 15,
  // Besides, no more than 5 of one operation for one pool.
  UserPoolResourceRead: 20,
  UserPoolResourceUpdate: 20,
} as const;

/** Lists answer with at most this many (API reference, "ListUsers" and the like, parameter Limit). */
export const PAGE_SIZE = 60;

export type QuotaCategory = keyof typeof QUOTAS;

/** Whether somebody waits for the answer, or only the mirror. */
export type Urgency = 'interactive' | 'bulk';
