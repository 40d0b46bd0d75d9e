import type { SrpVerifier } from './srp.js';

export type Attributes = Readonly<Record<string, string>>;

export type AccountStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'RESET_REQUIRED';

/** What operations change of an account. */
export interface AccountState {
  /** Without `sub`. */
  readonly attributes: Attributes;
  readonly status: AccountStatus;
  readonly enabled: boolean;
  /** Undefined where no password is known to anyone. */
  readonly password: Password | undefined;
  /** The codes that await their answer. */
  readonly codes: Codes;
}

/** What is kept of a password; a temporary one ends, in milliseconds since the epoch. */
export type Password = SrpVerifier & { readonly expiresAt?: number };

/** What a code proves: an account at its sign-up, who forgot a password, or the owner of an address. */
export type CodePurpose = 'sign-up' | 'password' | 'email' | 'phone_number';

export interface Code {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The address that takes effect with the code, where the pool keeps the old one until then. */
  readonly address?: string;
}

export type Codes = Readonly<Partial<Record<CodePurpose, Code>>>;

export interface Account extends AccountState {
  readonly poolId: string;
  readonly sub: string;
  readonly username: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Counts changes. */
  readonly version: number;
}

export type NewAccount = Pick<Account, 'sub' | 'username' | 'attributes' | 'status'> &
  Partial<Pick<Account, 'password' | 'codes'>>;

/** A row of `local_pool.account`, read by COLUMNS. */
export interface AccountRow {
  readonly pool_id: string;
  readonly sub: string;
  readonly username: string;
  readonly attributes: string;
  readonly status: AccountStatus;
  readonly enabled: boolean;
  readonly created_at: number;
  readonly modified_at: number;
  readonly version: number;
  readonly password: string | null;
  readonly codes: string;
}

/** Of an account that is called `a`; JSON as text, because drivers differ in what they make of it. */
export const COLUMNS = `a.pool_id, a.sub::text as sub, a.username, a.attributes::text as attributes,
  a.status, a.enabled, a.version, a.password::text as password, a.codes::text as codes,
  extract(epoch from a.created_at)::float8 as created_at,
  extract(epoch from a.modified_at)::float8 as modified_at`;

export function accountOf(row: AccountRow): Account {
  return {
    poolId: row.pool_id,
    sub: row.sub,
    username: row.username,
    attributes: JSON.parse(row.attributes),
    status: row.status,
    enabled: row.enabled,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    password: row.password === null ? undefined : JSON.parse(row.password),
    codes: JSON.parse(row.codes),
  };
}
