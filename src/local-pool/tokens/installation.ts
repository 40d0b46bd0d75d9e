import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Sql } from '../sql.js';

export interface SigningKey {
  readonly kid: string;
  /** Stays in this process and in the database. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The first one signs; both are published, as Cognito does. */
export type SigningKeys = readonly [SigningKey, SigningKey];

interface KeptKey {
  readonly kid: string;
  readonly pem: string;
}

/** What one database has one of: its id and the keys that its tokens are signed with. */
export class Installation {
  readonly id: string;
  readonly #sql: Sql;
  /** Keys that were read before, by `kid`. */
  readonly #known = new Map<string, SigningKey>();

  constructor(id: string, sql: Sql) {
    this.id = id;
    this.#sql = sql;
  }

  /** Read anew each time: another server of the same database may have rotated them. */
  async keys(): Promise<SigningKeys> {
    return this.#keysOf(
      await this.#sql.query('select keys::text as keys from local_pool.installation'),
    );
  }

  /** A new key signs from now on, the one before stays published, and the oldest is withdrawn. */
  async rotate(): Promise<SigningKeys> {
    return this.#keysOf(
      await this.#sql.query(
        `update local_pool.installation set keys = jsonb_build_array($1::jsonb, keys->0)
         returning keys::text as keys`,
        [JSON.stringify(await newKey())],
      ),
    );
  }

  #keysOf([row]: readonly { readonly keys: string }[]): SigningKeys {
    const kept: KeptKey[] = JSON.parse(row?.keys ?? '[]');
    const [first, second] = kept.map((key) => this.#known.get(key.kid) ?? signingKey(key));
    if (first === undefined || second === undefined)
      throw new Error('The local pool has lost its keys.');
    for (const key of [first, second]) this.#known.set(key.kid, key);
    return [first, second];
  }
}

/** The installation of this database, made by the first server that asks. */
export async function openInstallation(sql: Sql): Promise<Installation> {
  const id = (await keptId(sql)) ?? (await makeInstallation(sql));
  return new Installation(id, sql);
}

async function keptId(sql: Sql): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>('select id::text from local_pool.installation');
  return row?.id;
}

async function makeInstallation(sql: Sql): Promise<string> {
  const keys = await Promise.all([newKey(), newKey()]);
  await sql.query(
    `insert into local_pool.installation (id, keys) values ($1::uuid, $2::jsonb)
     on conflict (singleton) do nothing`,
    [randomUUID(), JSON.stringify(keys)],
  );
  const id = await keptId(sql);
  if (id === undefined) throw new Error('The local pool could not be installed.');
  return id;
}

async function newKey(): Promise<KeptKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    kid: randomBytes(32).toString('base64'),
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function signingKey({ kid, pem }: KeptKey): SigningKey {
  const privateKey = createPrivateKey(pem);
  return { kid, privateKey, publicKey: createPublicKey(privateKey) };
}

/** The keys as the JWKS endpoint publishes them. */
export function publicJwks(keys: SigningKeys): { readonly keys: readonly JsonWebKey[] } {
  return { keys: keys.map(publicJwk) };
}

function publicJwk({ kid, publicKey }: SigningKey): JsonWebKey {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}
