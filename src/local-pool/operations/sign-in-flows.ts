import { createHmac } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import { missingAttributes } from '../accounts/attributes.js';
import { authenticate, signedIn, unknownUser } from '../accounts/authentication.js';
import { nobodysVerifier } from '../accounts/srp.js';
import { srpExchange } from '../accounts/srp-exchange.js';
import { invalidParameter, notAuthorized } from '../errors.js';
import type { ClientMetadata, Stores } from '../operation.js';
import { type AuthFlow, rotates } from '../pools/client-settings.js';
import type { PoolClient } from '../pools/pool-store.js';
import { checkSecretHash } from '../pools/secret-hash.js';
import type { TokenSource } from '../triggers.js';

/** One call that begins a sign-in, or answers what it was asked for. */
export interface Attempt {
  readonly client: PoolClient;
  /** AuthParameters or ChallengeResponses of the API. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly session: string | undefined;
  readonly clientMetadata: ClientMetadata;
  readonly stores: Stores;
}

interface Flow {
  /** What a client has to allow. */
  readonly setting: AuthFlow;
  /** Whether everybody may call it, or only who signs with AWS credentials, or both. */
  readonly callers: readonly ('public' | 'signed')[];
  readonly run: (attempt: Attempt) => Promise<object>;
}

const EVERYBODY = ['public', 'signed'] as const;
const REFRESH: Flow = { setting: 'REFRESH_TOKEN_AUTH', callers: EVERYBODY, run: byRefreshToken };
const ADMIN: Flow = { setting: 'ADMIN_USER_PASSWORD_AUTH', callers: ['signed'], run: byPassword };

/** By the name that InitiateAuth and AdminInitiateAuth give them. */
export const FLOWS: ReadonlyMap<string, Flow> = new Map<string, Flow>([
  ['USER_PASSWORD_AUTH', { setting: 'USER_PASSWORD_AUTH', callers: ['public'], run: byPassword }],
  ['ADMIN_USER_PASSWORD_AUTH', ADMIN],
  ['ADMIN_NO_SRP_AUTH', ADMIN],
  ['USER_SRP_AUTH', { setting: 'USER_SRP_AUTH', callers: EVERYBODY, run: bySrp }],
  ['USER_AUTH', { setting: 'USER_AUTH', callers: EVERYBODY, run: byChoice }],
  ['REFRESH_TOKEN_AUTH', REFRESH],
  ['REFRESH_TOKEN', REFRESH],
]);

/** @throws CognitoError InvalidParameterException */
export function required({ parameters }: Attempt, parameter: string): string {
  const value = parameters[parameter];
  if (!value) throw invalidParameter(`Missing required parameter ${parameter}`);
  return value;
}

/** The name that a confidential client has vouched for. @throws CognitoError */
export function vouchedName(attempt: Attempt): string {
  const username = required(attempt, 'USERNAME');
  checkSecretHash(attempt.client, attempt.parameters.SECRET_HASH, username);
  return username;
}

/** With the parameter PASSWORD. */
export async function byPassword(attempt: Attempt): Promise<object> {
  const username = vouchedName(attempt);
  const password = required(attempt, 'PASSWORD');
  const { client, stores, clientMetadata } = attempt;
  return completed(
    attempt,
    await authenticate({ username, password, clientMetadata }, client, stores),
  );
}

/** With the parameter SRP_A: the password stays with the client. */
export async function bySrp(attempt: Attempt): Promise<object> {
  const name = vouchedName(attempt);
  const A = required(attempt, 'SRP_A');
  const { client, stores } = attempt;
  const pool = await stores.pools.pool(client.poolId);
  const account = await stores.accounts.find(pool, name);
  if (account === undefined && client.settings.PreventUserExistenceErrors !== 'ENABLED')
    throw unknownUser(client);
  const username = account?.username ?? name;
  const kept = account?.password ?? nobodysVerifier(saltOf(pool.id, username));
  const secret = srpExchange(kept, A);
  if (secret === undefined) throw invalidParameter('Invalid SRP_A.');
  const secretBlock = await stores.challenges.add(client, {
    kind: 'PASSWORD_VERIFIER',
    state: { ...secret, username, ...(account && { sub: account.sub }) },
  });
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: kept.salt,
      SECRET_BLOCK: secretBlock,
      SRP_B: secret.B,
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
    Session: secretBlock,
  };
}

/** Always the same for a name that nobody has, as for one that somebody has. */
function saltOf(poolId: string, username: string): string {
  return createHmac('sha256', poolId).update(username).digest('hex').slice(0, 32);
}

const CHOICES: Readonly<Record<string, (attempt: Attempt) => Promise<object>>> = {
  PASSWORD: async (attempt) =>
    attempt.parameters.PASSWORD === undefined
      ? challenged(attempt, 'PASSWORD')
      : byPassword(attempt),
  PASSWORD_SRP: bySrp,
};

/** As the user prefers, or by the session of an account that was confirmed just now. */
async function byChoice(attempt: Attempt): Promise<object> {
  const { parameters, session } = attempt;
  if (session !== undefined) return bySession(attempt, session);
  const preferred = parameters.PREFERRED_CHALLENGE;
  if (preferred !== undefined) return chosen(attempt, preferred);
  return {
    ...(await challenged(attempt, 'SELECT_CHALLENGE')),
    AvailableChallenges: Object.keys(CHOICES),
  };
}

/** @throws CognitoError InvalidParameterException for a way of signing in that is not there */
export async function chosen(attempt: Attempt, choice: string): Promise<object> {
  const run = Object.hasOwn(CHOICES, choice) ? CHOICES[choice] : undefined;
  if (run === undefined) throw invalidParameter(`${choice} is not an available challenge.`);
  return run(attempt);
}

async function challenged(attempt: Attempt, kind: string): Promise<object> {
  const username = vouchedName(attempt);
  const state = { username };
  const Session = await attempt.stores.challenges.add(attempt.client, { kind, state });
  return { ChallengeName: kind, Session, ChallengeParameters: { USERNAME: username } };
}

/** The kind of the challenge that nobody has to answer: the sign-up was the answer. */
export const CONFIRMED_SIGN_UP = 'CONFIRMED_SIGN_UP';

async function bySession(attempt: Attempt, session: string): Promise<object> {
  const username = vouchedName(attempt);
  const { client, stores } = attempt;
  const challenge = await stores.challenges.take(client, session);
  const pool = await stores.pools.pool(client.poolId);
  const account = await stores.accounts.find(pool, username);
  const isOwn = account !== undefined && account.sub === challenge?.state.sub;
  if (challenge?.kind !== CONFIRMED_SIGN_UP || !isOwn) throw invalidSession();
  return completed(attempt, signedIn(account));
}

async function byRefreshToken(attempt: Attempt): Promise<object> {
  const { client, stores, parameters, clientMetadata } = attempt;
  if (rotates(client.settings))
    throw invalidParameter('REFRESH_TOKEN_AUTH flow not enabled for this client');
  const token = required(attempt, 'REFRESH_TOKEN');
  const { account } = await stores.tokens.refreshable(token, client);
  checkSecretHash(client, parameters.SECRET_HASH, account.username, account.sub);
  const AuthenticationResult = await stores.tokens.refresh(token, client, clientMetadata);
  return { AuthenticationResult, ChallengeParameters: {} };
}

/** Tokens, or what is still asked for. */
export async function completed(
  { client, stores, clientMetadata }: Attempt,
  account: Account,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<object> {
  if (account.status === 'FORCE_CHANGE_PASSWORD')
    return newPasswordRequired(account, client, stores);
  return {
    AuthenticationResult: await stores.tokens.signIn(account, client, { source, clientMetadata }),
    ChallengeParameters: {},
  };
}

async function newPasswordRequired(
  { poolId, sub, username, attributes }: Account,
  client: PoolClient,
  { pools, challenges }: Stores,
) {
  const missing = missingAttributes(await pools.pool(poolId), attributes);
  const kind = 'NEW_PASSWORD_REQUIRED';
  return {
    ChallengeName: kind,
    Session: await challenges.add(client, { kind, state: { sub } }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: username,
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(attributes),
    },
  };
}

export const invalidSession = () => notAuthorized('Invalid session for the user.');
