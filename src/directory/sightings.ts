import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import type { AccessToken } from '../auth/access-token.js';
import type { App } from '../request/app.js';
import type { Origin } from '../request/context.js';
import { perApp } from '../request/per-app.js';
import { FreshRuns } from './fresh-runs.js';
import { shortenedAddress } from './network.js';
import { storableText } from './plain-text.js';
import type { SignIn } from './sign-in.js';

/** Milliseconds for which "last seen" may lag behind, so that not every request writes. */
export const SEEN_PRECISION = 5 * 60_000;

/** Milliseconds for which sightings are collected, so that many are kept by one statement. */
const COLLECTED = 200;

/** Characters of a user agent that are kept. */
const USER_AGENT_LENGTH = 200;

/** Sightings that wait at most; those of a database that is away for long are dropped. */
const MOST_WAITING = 10_000;

/** Marks the statements in the log of statements: they belong to no request. */
const STATEMENT = { label: 'sightings' };

interface Sighting {
  readonly token: AccessToken;
  readonly signIn: Pick<SignIn, 'identityId'>;
  readonly from: Origin;
  readonly seenAt: number;
}

/** Notes behind the answers which sign-ins were seen, and where. */
export const sightingsOf = perApp((app) => new Sightings(app));

class Sightings {
  readonly #app: App;
  readonly #waiting = new Map<string, Sighting>();
  readonly #runs = new FreshRuns<void>();
  readonly #closing = new AbortController();
  #planned: Promise<void> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  note(sighting: Sighting): void {
    const { token, signIn } = sighting;
    if (this.#waiting.size >= MOST_WAITING) return;
    this.#waiting.set(`${signIn.identityId} ${token.originJti ?? ''}`, sighting);
    this.#planned ??= this.#plan();
  }

  /** Keeps what was noted before the call; does not reject. */
  flush(): Promise<void> {
    return this.#runs.run('flush', () => this.#flush());
  }

  /** Lets go of what was noted and is not kept yet, where the database is put back to before it. */
  forget(): Promise<void> {
    this.#waiting.clear();
    return this.flush();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#planned;
    await this.flush();
  }

  async #plan(): Promise<void> {
    const { signal } = this.#closing;
    await sleep(COLLECTED, undefined, { signal, ref: false }).catch(() => undefined);
    this.#planned = undefined;
    await this.flush();
  }

  async #flush(): Promise<void> {
    const sightings = [...this.#waiting.values()];
    this.#waiting.clear();
    if (sightings.length === 0) return;
    try {
      await keepSightings(this.#app.orm.em.fork(), sightings);
    } catch (err) {
      this.#app.log.warn({ err, sightings: sightings.length }, 'sign-ins could not be noted');
    }
  }
}

/**
 * The accounts are locked in one order, whoever writes. Of one that is deleted nothing is kept: what was seen just
 * before must not come after all else of the person is gone.
 */
async function keepSightings(em: EntityManager, sightings: readonly Sighting[]): Promise<void> {
  await em.execute(
    `with seen as (
       select * from jsonb_to_recordset(?::jsonb) as row(
         id uuid, identity_id uuid, origin_jti text, client_id text, network text, user_agent text,
         seen_at timestamptz)),
     account as (
       select identity.* from identity
       where id in (select identity_id from seen) and deleted_at is null
       order by id for no key update),
     kept as (
       insert into session (id, created_at, updated_at, user_id, identity_id, pool_id, origin_jti, client_id,
                            first_seen_at, last_seen_at, network, user_agent)
       select seen.id, now(), now(), user_id, identity_id, pool_id, origin_jti, client_id,
              seen_at, seen_at, network, user_agent
       from seen join account on account.id = identity_id where origin_jti is not null
       on conflict (pool_id, origin_jti) do update set
         updated_at = now(), last_seen_at = greatest(session.last_seen_at, excluded.last_seen_at),
         network = excluded.network, user_agent = excluded.user_agent)
     update identity set last_seen_at = greatest(last_seen_at, latest.seen_at), updated_at = now()
     from (select identity_id, max(seen_at) as seen_at from seen group by identity_id) as latest
     where identity.id = latest.identity_id and identity.id in (select id from account)`,
    [JSON.stringify(sightings.map(rowOf))],
    'run',
    STATEMENT,
  );
}

function rowOf({ token, signIn, from, seenAt }: Sighting) {
  return {
    id: v7(),
    identity_id: signIn.identityId,
    origin_jti: token.originJti ?? null,
    client_id: token.clientId,
    network: shortenedAddress(from.ip) ?? null,
    user_agent: shortened(from.userAgent),
    seen_at: new Date(seenAt),
  };
}

function shortened(userAgent: string | undefined): string | null {
  if (userAgent === undefined) return null;
  return [...storableText(userAgent)].slice(0, USER_AGENT_LENGTH).join('') || null;
}
