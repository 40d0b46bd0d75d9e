import { z } from 'zod';

const session = z.object({
  /** How the token was got. */
  source: z.enum(['one click', 'machine client', 'sign-in page', 'bad token']),
  /** Who, for people to read. */
  name: z.string(),
  accessToken: z.string(),
  idToken: z.string().optional(),
  refreshToken: z.string().optional(),
});

/** The token that requests carry, and what it can be renewed with. */
export type Session = z.infer<typeof session>;

const claims = z.object({
  exp: z.number(),
  username: z.string().optional(),
  'cognito:username': z.string().optional(),
  email: z.string().optional(),
});
export type Claims = z.infer<typeof claims>;

/** The claims that the page itself shows; the signature is for the server to check. */
export function claimsOf(token: string): Claims | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const bytes = Uint8Array.from(
      atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.charCodeAt(0),
    );
    return claims.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The end of a token in milliseconds since 1970. */
export function expiryOf({ accessToken }: Session): number | undefined {
  const exp = claimsOf(accessToken)?.exp;
  return exp === undefined ? undefined : exp * 1000;
}

const PLACE = 'lifeguard.sandbox.session';

/** Lets a session survive a reload of this tab, and no more; the sign-in page's own is kept by its client. */
export function keepSession(kept: Session | undefined): void {
  const lasts = kept?.source === 'one click' || kept?.source === 'machine client';
  if (lasts) sessionStorage.setItem(PLACE, JSON.stringify(kept));
  else sessionStorage.removeItem(PLACE);
}

export function keptSession(): Session | undefined {
  try {
    const kept = session.parse(JSON.parse(sessionStorage.getItem(PLACE) ?? ''));
    return (expiryOf(kept) ?? 0) > Date.now() ? kept : undefined;
  } catch {
    return undefined;
  }
}
