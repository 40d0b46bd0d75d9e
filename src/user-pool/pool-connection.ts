import { AsyncLocalStorage } from 'node:async_hooks';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import type { CallBudget } from './call-budget.js';
import { BudgetClosedError } from './call-lane.js';
import {
  OwnAttributesError,
  PoolNotConfiguredError,
  PoolRefusalError,
  PoolUnavailableError,
  PoolUserNotFoundError,
} from './errors.js';
import { type ObserveCall, observedBy } from './observed-calls.js';
import { isPoolException } from './pool-exception.js';
import type { QuotaCategory, Urgency } from './quotas.js';
import type { PoolTrouble } from './user-pool.js';

export interface PoolConnectionOptions {
  /** Such as `eu-west-1_Ab12Cd34E`; the part before `_` is the Region. */
  readonly id: string;
  /** Another implementation's address; absent: AWS. */
  readonly endpoint?: string | undefined;
  /** Absent: the SDK's default chain (environment, shared files, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Of the pool's Region. */
  readonly budget: CallBudget;
  /** Told of each call that is sent. */
  readonly observe?: ObserveCall | undefined;
}

/** Milliseconds after which an unanswered call counts as an outage. */
const CONNECTION_TIMEOUT = 1_000;
const REQUEST_TIMEOUT = 5_000;

/** Outages in a row after which calls fail without being sent, but for one now and then. */
const OUTAGES = 5;
/** Milliseconds until that one, at first and at most. */
const PROBE = { initialDelay: 500, maxDelay: 5_000 };

/** The commands of the AWS SDK. */
export type PoolSdk = typeof import('./sdk.js');

/** A call that has its place in the quotas. */
export interface PoolCall<Output> {
  readonly category: QuotaCategory;
  readonly urgency: Urgency;
  /** Whoever reads the same while it is under way gets the same answer; absent for what changes something. */
  readonly reads?: string;
  readonly send: (sdk: PoolSdk, client: CognitoIdentityProviderClient) => Promise<Output>;
}

/** The way to one pool: within the quotas, and not at all while it is down. */
export class PoolConnection {
  readonly id: string;
  readonly #options: PoolConnectionOptions;
  readonly #reads = new Map<string, Promise<unknown>>();
  readonly #breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: new ExponentialBackoff(PROBE),
    breaker: new ConsecutiveBreaker(OUTAGES),
  });
  #connected: ReturnType<typeof connect> | undefined;

  constructor(options: PoolConnectionOptions) {
    this.id = options.id;
    this.#options = options;
  }

  get trouble(): PoolTrouble | undefined {
    if (this.#breaker.state !== CircuitState.Closed) return 'outage';
    return this.#options.budget.isResting ? 'throttling' : undefined;
  }

  /** @throws PoolUserNotFoundError, PoolUnavailableError, and OwnAttributesError or PoolRefusalError as `send` does */
  call<Output>({ reads, ...call }: PoolCall<Output>): Promise<Output> {
    if (reads === undefined) return this.#answered(call);
    // What is kept under a name is always of that name's kind: each read has its own.
    const underWay = this.#reads.get(reads) as Promise<Output> | undefined;
    if (underWay !== undefined) return underWay;
    const reading = this.#answered(call).finally(() => this.#reads.delete(reads));
    this.#reads.set(reads, reading);
    return reading;
  }

  close(): void {
    void this.#connected?.then(({ client }) => client.destroy());
  }

  async #answered<Output>({ category, urgency, send }: PoolCall<Output>): Promise<Output> {
    // The budget sends it in the context of whoever comes to send: it is to be told of in the caller's.
    const sent = AsyncLocalStorage.bind(async () => {
      this.#connected ??= connect(this.#options);
      const { sdk, client, asCategory } = await this.#connected;
      return asCategory(category, () => send(sdk, client));
    });
    try {
      // The breaker before the budget: while the pool is down nobody waits for a slot.
      return await this.#breaker.execute(() => this.#options.budget.run(category, urgency, sent));
    } catch (error) {
      if (isPoolException(error, 'UserNotFoundException')) throw new PoolUserNotFoundError(error);
      if (error instanceof OwnAttributesError || error instanceof PoolRefusalError) throw error;
      throw new PoolUnavailableError(error);
    }
  }
}

async function connect({ id, endpoint, credentials, observe }: PoolConnectionOptions) {
  const sdk = await import('./sdk.js');
  const client = new sdk.CognitoIdentityProviderClient({
    region: regionOf(id),
    // The budget sends a throttled call again, when there is room for it.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { sdk, client, asCategory: observedBy(observe, { poolId: id, client }) };
}

/** The Region of a pool id. */
export function regionOf(poolId: string): string {
  return poolId.slice(0, poolId.indexOf('_'));
}

/** Whether a pool said that there were too many calls. */
export function isThrottled(error: unknown): boolean {
  return isPoolException(error, 'TooManyRequestsException');
}

/** What a pool says of the user, the group or the parameter that it was asked about: it is well itself. */
const ANSWERS = ['UserNotFoundException', 'ResourceNotFoundException', 'InvalidParameterException'];

function isOutage(error: unknown): boolean {
  if (error instanceof OwnAttributesError || error instanceof PoolRefusalError) return false;
  return !(isPoolException(error, ...ANSWERS) || isThrottled(error));
}

/** The connection was never made: nothing was sent. */
const UNCONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** Nobody came to send it. */
const UNSENT = [BrokenCircuitError, BudgetClosedError, PoolNotConfiguredError];

/**
 * Whether the pool may have done what was asked, although it did not say so. Not where nothing was sent, and
 * not where it answered that it would not.
 */
export function mayBeDone({ cause }: PoolUnavailableError): boolean {
  if (UNSENT.some((unsent) => cause instanceof unsent)) return false;
  if (isPoolException(cause)) return cause.$fault === 'server';
  const code: unknown = Object(cause).code;
  return !(typeof code === 'string' && UNCONNECTED.has(code));
}
