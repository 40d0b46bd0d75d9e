import { ConnectionException } from '@mikro-orm/core';

/** Node's system errors and PostgreSQL's SQLSTATEs that say "not reachable", "not there", "going down", "full". */
const OUTAGE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '3D000',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
]);

/** What pg and pg-pool throw without a code. */
const OUTAGE_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end)/;

const LONGEST_CHAIN = 8;

/** Whether an error, or what caused it, is the database being out of reach (SQLSTATE class 08 too). */
export function isOutage(error: unknown): boolean {
  let current: unknown = error;
  for (let step = 0; step < LONGEST_CHAIN && current instanceof Error; step++) {
    if (isOutageItself(current)) return true;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return false;
}

function isOutageItself(error: Error): boolean {
  if (error instanceof ConnectionException || OUTAGE_MESSAGES.test(error.message)) return true;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && (OUTAGE_CODES.has(code) || /^08[0-9A-Z]{3}$/.test(code));
}
