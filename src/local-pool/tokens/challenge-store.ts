import { createHash, randomBytes } from 'node:crypto';
import type { PoolClient } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';

/** What a sign-in waits for. Its state is whatever the answer will be compared with. */
export interface Challenge {
  readonly kind: string;
  readonly state: Readonly<Record<string, string>>;
}

interface Row {
  readonly kind: string;
  readonly state: string;
}

/** Seconds that a `Session` of the API lives: AuthSessionValidity of a client is 3 minutes by default. */
const LIFETIME = 180;

/** What sign-ins wait for, by the hash of the `Session` or secret block that was handed out for it. */
export class ChallengeStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Answers with what the client has to show: base64, as a secret block is. */
  async add(client: PoolClient, { kind, state }: Challenge, lifetime = LIFETIME): Promise<string> {
    const token = randomBytes(96).toString('base64');
    await this.#sql.query(
      `with ended as (delete from local_pool.challenge where expires_at <= $5::bigint)
       insert into local_pool.challenge (hash, client_id, kind, state, expires_at)
       values ($1, $2, $3, $4::jsonb, $6::bigint)`,
      [hash(token), client.id, kind, JSON.stringify(state), now(), now() + lifetime],
    );
    return token;
  }

  /** Reads it, and leaves it: an answer that was no good may be given again. */
  async find(client: PoolClient, token: string): Promise<Challenge | undefined> {
    return challengeOf(
      await this.#sql.query<Row>(
        `select kind, state::text from local_pool.challenge
         where hash = $1 and client_id = $2 and expires_at > $3::bigint`,
        [hash(token), client.id, now()],
      ),
    );
  }

  /** Reads and ends it: of two that race for it, one gets it. */
  async take(client: PoolClient, token: string): Promise<Challenge | undefined> {
    return challengeOf(
      await this.#sql.query<Row>(
        `delete from local_pool.challenge
         where hash = $1 and client_id = $2 and expires_at > $3::bigint returning kind, state::text`,
        [hash(token), client.id, now()],
      ),
    );
  }
}

function challengeOf([row]: readonly Row[]): Challenge | undefined {
  return row && { kind: row.kind, state: JSON.parse(row.state) };
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
