import { AsyncLocalStorage } from 'node:async_hooks';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { isPoolException } from './pool-exception.js';
import type { QuotaCategory } from './quotas.js';

/** A call as it is sent; whom it is about is not told. */
export interface SentCall {
  readonly poolId: string;
  /** Of the API, such as `AdminGetUser`. */
  readonly operation: string;
  readonly category: QuotaCategory;
}

/** Is to send the call, and to answer or fail as it does. */
export type ObserveCall = <T>(call: SentCall, send: () => Promise<T>) => Promise<T>;

type AsCategory = <T>(category: QuotaCategory, send: () => Promise<T>) => Promise<T>;

/**
 * Has each call of a client observed, by a middleware of the SDK: there the operation is known. The answer tells
 * it the category, which only the caller knows.
 */
export function observedBy(
  observe: ObserveCall | undefined,
  { poolId, client }: { readonly poolId: string; readonly client: CognitoIdentityProviderClient },
): AsCategory {
  if (observe === undefined) return (_category, send) => send();
  const categories = new AsyncLocalStorage<QuotaCategory>();
  client.middlewareStack.add(
    (next, { commandName = 'unknown' }) =>
      (args) => {
        const category = categories.getStore();
        if (category === undefined) return next(args);
        const operation = String(commandName).replace(/Command$/, '');
        return observe({ poolId, operation, category }, () => next(args));
      },
    { step: 'initialize', name: 'observe', priority: 'high' },
  );
  return (category, send) => categories.run(category, send);
}

/** Why a call failed, by the pool's word for it; `unanswered` where it has not said any. */
export function faultOf(error: unknown): string {
  return isPoolException(error) ? error.name : 'unanswered';
}
