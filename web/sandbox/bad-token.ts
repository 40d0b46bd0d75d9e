import type { LocalPool } from './local-pool.ts';
import { claimsOf, type Session } from './session.ts';
import { signOutHere } from './sign-out.ts';

export const BAD_TOKENS = [
  'Expired',
  'Signed out',
  'Tampered',
  'Id token',
  'Other client',
] as const;
export type BadToken = (typeof BAD_TOKENS)[number];

const NAMES: Readonly<Record<BadToken, string>> = {
  Expired: 'Expired token',
  'Signed out': 'Signed-out token',
  Tampered: 'Tampered token',
  'Id token': 'Id token',
  'Other client': 'Token of another client',
};

/** Whether a session is by such a token. */
export function isBy(kind: BadToken, session: Session | undefined): boolean {
  return session?.source === 'bad token' && session.name === NAMES[kind];
}

/** Seconds: longer than an access token may live (Cognito: at most a day). */
const LONG_AGO = 2 * 86_400;

/** Whether it can be made of what there is: only the local pool makes tokens to order. */
export function canMake(kind: BadToken, session: Session | undefined, localPool: boolean): boolean {
  if (localPool) return true;
  if (kind === 'Tampered') return session !== undefined;
  return kind === 'Id token' && session?.idToken !== undefined;
}

export interface Makers {
  readonly localPool: LocalPool | undefined;
  /** Where the server answers. */
  readonly endpoint: string;
}

/**
 * A session whose token the server must refuse, of the person who is signed in, else of a seeded one.
 * @throws PoolError
 */
export async function badSession(
  kind: BadToken,
  session: Session | undefined,
  makers: Makers,
): Promise<Session> {
  const accessToken = await badToken(kind, session, makers);
  return { source: 'bad token', name: NAMES[kind], accessToken };
}

async function badToken(
  kind: BadToken,
  session: Session | undefined,
  { localPool, endpoint }: Makers,
): Promise<string> {
  const username = await usernameOf(session, localPool);
  if (localPool && kind === 'Expired') {
    const { accessToken } = await localPool.issue({ username, issuedAgo: LONG_AGO });
    return accessToken;
  }
  if (localPool && kind === 'Signed out') {
    // Of a sign-in of its own: that of the session goes on.
    const { accessToken } = await localPool.issue({ username });
    await signOutHere(endpoint, accessToken);
    return accessToken;
  }
  if (localPool && kind === 'Other client') {
    const { otherClientId } = await localPool.describe();
    const order = { username, ...(otherClientId !== undefined && { clientId: otherClientId }) };
    return (await localPool.issue(order)).accessToken;
  }
  const isGood = session !== undefined && session.source !== 'bad token';
  const good = isGood && (kind === 'Tampered' || session.idToken) ? session : undefined;
  const signedIn = good ?? (await localPool?.signIn(username));
  if (signedIn === undefined) throw new Error('Nobody is signed in.');
  return kind === 'Tampered' ? tampered(signedIn.accessToken) : (signedIn.idToken ?? '');
}

async function usernameOf(session: Session | undefined, localPool: LocalPool | undefined) {
  const claims = session && claimsOf(session.accessToken);
  const own = claims?.username ?? claims?.['cognito:username'];
  if (own !== undefined || localPool === undefined) return own ?? '';
  return localPool.usernameOf(ORDINARY);
}

const ORDINARY = 'uma@example.com';

/** The first character of the signature, as the last one may hold bits that do not count. */
function tampered(token: string): string {
  const start = token.lastIndexOf('.') + 1;
  const other = token[start] === 'A' ? 'B' : 'A';
  return `${token.slice(0, start)}${other}${token.slice(start + 1)}`;
}
