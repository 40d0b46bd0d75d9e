import type { Context } from './context.js';

/** What a client should know of an answer that is whole all the same; in `extensions.warnings`. */
export interface Warning {
  readonly code:
    | 'PROFILES_STALE'
    | 'PROFILES_MISSING'
    | 'PROFILE_NOT_READ'
    | 'FILTER_INCOMPLETE'
    | 'SESSIONS_CUT'
    | 'SESSION_UNKNOWN'
    | 'ACCOUNTS_LEFT_ALONE';
  readonly message: string;
}

const given = new WeakMap<Context, Map<Warning['code'], Warning>>();

/** Warns the client; of several warnings of one code the last one stands. */
export function addWarning(context: Context, warning: Warning): void {
  const warnings = given.get(context) ?? new Map<Warning['code'], Warning>();
  given.set(context, warnings.set(warning.code, warning));
}

/** The warnings of a request; most have none. */
export function warningsOf(context: Context): readonly Warning[] {
  return [...(given.get(context)?.values() ?? [])];
}
