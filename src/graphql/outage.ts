import { ConnectionException } from '@mikro-orm/core';

/** Node's system errors that say "not reachable", "not there", "not now". */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATEs (PostgreSQL, "Error Codes") of a database that is not there, going down, full, or a standby, and of what it
 * gave up for others' sake; those that begin alike by their first characters.
 */
const SQL_STATES = new Set([
  '08',
  '53',
  '57P',
  '58',
  '3D000',
  '25006',
  '25P03',
  '40001',
  '40P01',
  '55P03',
  '57014',
]);

/** What pg and pg-pool throw without a code. */
const OUTAGE_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end|Client (?:has encountered a connection error|was closed) and is not queryable)/;

const LONGEST_CHAIN = 8;

/** Whether an error, or what caused it, is that the database cannot do now what it could do later. */
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
  if (typeof code !== 'string') return false;
  if (SYSTEM_CODES.has(code)) return true;
  return code.length === 5 && [code, code.slice(0, 3), code.slice(0, 2)].some(isOfOutage);
}

function isOfOutage(state: string): boolean {
  return SQL_STATES.has(state);
}
