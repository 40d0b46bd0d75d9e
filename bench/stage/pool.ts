import { startJwksServer } from '../../test/auth/jwks-server.js';
import { TokenForge } from '../../test/support/token-forge.js';
import { subjectOf } from './rows.js';

const POOL_ID = 'eu-west-1_BenchPool';

/** A pool of which nothing but its keys is there: tokens are signed here, and verified by what is measured. */
export interface Pool {
  readonly id: string;
  readonly clientId: string;
  readonly endpoint: string;
  readonly issuer: string;
  /** The access token of the person of this number. */
  tokenOf(number: number): string;
  close(): Promise<void>;
}

export async function startPool(): Promise<Pool> {
  const server = await startJwksServer({ keys: [] });
  const issuer = `${server.origin}/${POOL_ID}`;
  const forge = new TokenForge({ issuer });
  server.serve(forge.jwks());
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  return {
    id: POOL_ID,
    clientId: forge.clientId,
    endpoint: server.origin,
    issuer,
    tokenOf: (number) => {
      const sub = subjectOf(number);
      return forge.accessToken({ sub, username: sub, origin_jti: `origin-${number}`, exp });
    },
    close: () => server.close(),
  };
}
