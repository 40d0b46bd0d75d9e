import { generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

/** An object becomes JSON; a text or bytes stay as they are. */
export type Part = object | string | Buffer;

export interface TokenForgeOptions {
  readonly issuer: string;
  readonly kid?: string;
  readonly clientId?: string;
}

/** Issues tokens like those of an Amazon Cognito user pool, and whatever else a test wants signed. */
export class TokenForge {
  readonly issuer: string;
  readonly kid: string;
  readonly clientId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;

  constructor({ issuer, kid = 'key-1', clientId = '1example23456789' }: TokenForgeOptions) {
    this.issuer = issuer;
    this.kid = kid;
    this.clientId = clientId;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** The public key as a pool publishes it. */
  jwk() {
    const { n, e } = this.publicKey.export({ format: 'jwk' });
    return { alg: 'RS256', e, kid: this.kid, kty: 'RSA', n, use: 'sig' };
  }

  jwks() {
    return { keys: [this.jwk()] };
  }

  header(parameters: Claims = {}) {
    return { kid: this.kid, alg: 'RS256', ...parameters };
  }

  /** The claims of a person's access token, an hour long; `undefined` leaves one out. */
  claims(claims: Claims = {}) {
    const now = Math.floor(Date.now() / 1000);
    return {
      sub: '5f0c9a2e-8a3e-4e6c-9d53-0d8c1c1b7f10',
      iss: this.issuer,
      client_id: this.clientId,
      origin_jti: '6e7b8a51-3b5c-4d11-9a54-1f1e6c3a2b77',
      event_id: '0b7d5d4c-5a3f-4d52-8f1e-3f6a1b1c2d3e',
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: now,
      exp: now + 3600,
      iat: now,
      jti: 'c1f2e3d4-a5b6-4c7d-8e9f-0a1b2c3d4e5f',
      username: 'uma',
      ...claims,
    };
  }

  accessToken(claims: Claims = {}): string {
    return this.sign(this.header(), this.claims(claims));
  }

  /** A machine client's access token (client credentials grant). */
  clientToken(claims: Claims = {}): string {
    const own = { sub: this.clientId, username: undefined, origin_jti: undefined };
    return this.accessToken({ ...own, scope: 'orders/read orders/write', ...claims });
  }

  idToken(claims: Claims = {}): string {
    return this.accessToken({
      token_use: 'id',
      aud: this.clientId,
      'cognito:username': 'uma',
      email: 'uma@example.com',
      client_id: undefined,
      username: undefined,
      scope: undefined,
      ...claims,
    });
  }

  sign(header: Part, payload: Part): string {
    return this.signParts(encoded(header), encoded(payload));
  }

  /** Signs two parts as they are, however they are encoded. */
  signParts(header: string, payload: string): string {
    const input = `${header}.${payload}`;
    return `${input}.${encoded(signBytes('sha256', Buffer.from(input), this.privateKey))}`;
  }
}

/** As base64url. */
export function encoded(part: Part): string {
  if (Buffer.isBuffer(part)) return part.toString('base64url');
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
