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
import type { Sql } from './sql.js';

export interface SigningKey {
  readonly kid: string;
  /** Stays in this process and in the database. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What one database has one of: its id and the keys that its tokens are signed with. */
export interface Installation {
  readonly id: string;
  /** The first one signs; both are published, as Cognito does. */
  readonly keys: readonly [SigningKey, SigningKey];
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

interface KeptKey {
  readonly kid: string;
  readonly pem: string;
}

/** The installation of this database, made by the first server that asks. */
export async function openInstallation(sql: Sql): Promise<Installation> {
  const kept = (await keptInstallation(sql)) ?? (await makeInstallation(sql));
  const [first, second] = kept.keys.map(signingKey);
  if (first === undefined || second === undefined)
    throw new Error('The local pool has lost its keys.');
  const keys = [first, second] as const;
  return { id: kept.id, keys, jwks: { keys: keys.map(publicJwk) } };
}

async function keptInstallation(sql: Sql): Promise<{ id: string; keys: KeptKey[] } | undefined> {
  const [row] = await sql.query<{ id: string; keys: string }>(
    'select id::text, keys::text from local_pool.installation',
  );
  return row === undefined ? undefined : { id: row.id, keys: JSON.parse(row.keys) };
}

async function makeInstallation(sql: Sql): Promise<{ id: string; keys: KeptKey[] }> {
  const keys = await Promise.all([newKey(), newKey()]);
  await sql.query(
    `insert into local_pool.installation (id, keys) values ($1::uuid, $2::jsonb)
     on conflict (singleton) do nothing`,
    [randomUUID(), JSON.stringify(keys)],
  );
  const kept = await keptInstallation(sql);
  if (kept === undefined) throw new Error('The local pool could not be installed.');
  return kept;
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

function publicJwk({ kid, publicKey }: SigningKey): JsonWebKey {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}
