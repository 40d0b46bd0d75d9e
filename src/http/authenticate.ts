import type { AccessToken } from '../auth/access-token.js';
import { keepPresentedToken } from '../auth/presented-token.js';
import { ANONYMOUS, type Viewer } from '../auth/viewer.js';
import { UnauthenticatedError } from '../errors.js';
import type { RateLimits } from './rate-limits.js';

/** What a request shows of who sends it. */
export interface Credentials {
  /** Names and values in turn, as node:http has them: a repeated header shows. */
  readonly rawHeaders: readonly string[];
  readonly ip: string;
  readonly userAgent?: string | undefined;
}

export type Authenticate = (credentials: Credentials) => Promise<Viewer>;

export interface AuthenticateOptions {
  /** The token of the one Authorization header, if there is one. @throws UnauthenticatedError */
  readonly bearerToken: (request: Pick<Credentials, 'rawHeaders'>) => string | undefined;
  readonly verifier: {
    /** The claims of a token that has been verified before and still may be used. */
    remembered(token: string): AccessToken | undefined;
    /** @throws UnauthenticatedError for a token that fails, UnavailableError if that cannot be told */
    verify(token: string): Promise<AccessToken>;
  };
  /** Who a verified token stands for. @throws UnauthenticatedError, ForbiddenError */
  readonly viewerOf: (
    token: AccessToken,
    from: { readonly ip: string; readonly userAgent: string | undefined },
  ) => Promise<Viewer>;
  readonly rateLimits: RateLimits;
}

/**
 * Says who sends a request: without a token an anonymous viewer. An address from which many tokens
 * have failed is refused before the next is verified, yet never one that is remembered as good.
 */
export function createAuthenticate({
  bearerToken,
  verifier,
  viewerOf,
  rateLimits,
}: AuthenticateOptions): Authenticate {
  async function verifiedNow(token: string, ip: string): Promise<AccessToken> {
    await rateLimits.refuseAfterFailedTokens(ip);
    return verifier.verify(token);
  }

  return async ({ rawHeaders, ip, userAgent }) => {
    let token: string | undefined;
    let accessToken: AccessToken;
    try {
      token = bearerToken({ rawHeaders });
      if (token === undefined) return ANONYMOUS;
      accessToken = verifier.remembered(token) ?? (await verifiedNow(token, ip));
    } catch (error) {
      if (error instanceof UnauthenticatedError) await rateLimits.countFailedToken(ip);
      throw error;
    }
    const viewer = await viewerOf(accessToken, { ip, userAgent });
    keepPresentedToken(viewer, token);
    return viewer;
  };
}
