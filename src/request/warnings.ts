import { perRequest } from './per-request.js';

/** What a client should know of an answer that is whole all the same; in `extensions.warnings`. */
export interface Warning {
  readonly code:
    | 'PROFILES_STALE'
    | 'PROFILES_MISSING'
    | 'PROFILE_NOT_READ'
    | 'FILTER_INCOMPLETE'
    | 'SESSIONS_CUT'
    | 'SESSION_UNKNOWN';
  readonly message: string;
}

class Warnings {
  readonly #byCode = new Map<Warning['code'], Warning>();

  /** Of several of one code the last one stands. */
  add(warning: Warning): void {
    this.#byCode.set(warning.code, warning);
  }

  get all(): readonly Warning[] {
    return [...this.#byCode.values()];
  }
}

/** The warnings of a request. */
export const warningsOf = perRequest(() => new Warnings());
