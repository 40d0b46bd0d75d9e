import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  LifeguardError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../errors.js';
import { mayBeDone, PoolRefusalError, PoolUnavailableError } from '../../user-pool/index.js';
import type { Command, CommandFailure } from './command.entity.js';
import { refusalOf } from './pool-refusals.js';

/** What a client is told of an error, and what is kept of it for whoever sends the same key again. */
export function shownOf(error: unknown, inputs: readonly string[]): unknown {
  return error instanceof PoolRefusalError ? refusalOf(error, inputs) : error;
}

export function failureOf(error: unknown): CommandFailure {
  if (!(error instanceof LifeguardError))
    return { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' };
  const { code, message, reason, hint } = error;
  return { code, message, reason, hint };
}

const CLASSES = {
  BAD_USER_INPUT: BadUserInputError,
  CONFLICT: ConflictError,
  FORBIDDEN: ForbiddenError,
  NOT_FOUND: NotFoundError,
  RATE_LIMITED: RateLimitedError,
  UNAVAILABLE: UnavailableError,
} as const;

/** The error that a command ended with. */
export function errorOf({ code, message, reason, hint }: CommandFailure): Error {
  const known = Object.entries(CLASSES).find(([name]) => name === code);
  if (known === undefined) return new Error(message);
  const [, ErrorClass] = known;
  return new ErrorClass(message, {
    ...(reason !== undefined && { reason }),
    ...(hint !== undefined && { hint }),
  });
}

/** Milliseconds after which nobody goes on with a command any more. */
const LONGEST = 24 * 60 * 60_000;

/**
 * Whether a command has failed for good. Not where the pool may have done it, now or at an earlier try: then
 * it is gone on with until that is known.
 */
export function isFinal(error: unknown, { attempts, state, createdAt }: Command): boolean {
  if (Date.now() - createdAt.getTime() > LONGEST) return true;
  if (state === 'AT_POOL') return false;
  if (error instanceof PoolUnavailableError) return attempts === 1 && !mayBeDone(error);
  return error instanceof LifeguardError || error instanceof PoolRefusalError;
}
