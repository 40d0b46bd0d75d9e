import { InvalidTokenError } from './errors.js';
import { parseUniqueJson } from './unique-json.js';

/** Characters; an access token of Cognito has about 1,000. */
export const MAX_TOKEN_LENGTH = 8192;

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a token says of itself. Nothing of it may be believed before its signature was checked. */
export interface CompactJws {
  /** Header `kid`: the key that is said to have signed it. */
  readonly kid: string;
  readonly claims: JsonObject;
}

/**
 * Header parameters that ask for extensions (RFC 7515, section 4.1.11; RFC 7797), bring or name another key
 * (RFC 7515, sections 4.1.2 to 4.1.8), or say that the payload is no claims but another token, or compressed or
 * encrypted (RFC 7519, section 5.2; RFC 7516). Cognito sends none of them, so whoever does is up to something.
 */
const REFUSED_PARAMETERS = [
  'crit',
  'b64',
  'jku',
  'jwk',
  'x5u',
  'x5c',
  'x5t',
  'x5t#S256',
  'cty',
  'zip',
  'enc',
];

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Takes a JWS in its compact form apart (RFC 7515, section 7.1), admitting one spelling only of each
 * token, and only RS256. The signature is left to be checked.
 * @throws InvalidTokenError
 */
export function readCompactJws(token: string): CompactJws {
  if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('longer than 8 KiB');
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || !signature || more.length > 0) {
    throw new InvalidTokenError('not three parts');
  }
  decoded(signature);
  const kid = keyId(jsonObject(header));
  return { kid, claims: jsonObject(payload) };
}

function keyId(header: JsonObject): string {
  if (header.alg !== 'RS256') throw new InvalidTokenError('alg is not RS256');
  if (header.typ !== undefined && header.typ !== 'JWT') {
    throw new InvalidTokenError('typ is not JWT');
  }
  const refused = REFUSED_PARAMETERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) throw new InvalidTokenError(`the header has ${refused}`);
  if (typeof header.kid !== 'string' || header.kid === '') throw new InvalidTokenError('no kid');
  return header.kid;
}

function jsonObject(part: string): JsonObject {
  const value = json(decoded(part));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidTokenError('a part is no JSON object');
  }
  // A JSON value that is neither a primitive, null nor an array is an object.
  return value as JsonObject;
}

function json(bytes: Buffer): unknown {
  try {
    return parseUniqueJson(UTF_8.decode(bytes));
  } catch {
    // The parser's own message would quote the token.
    throw new InvalidTokenError('a part is no UTF-8, no JSON, or has a key twice');
  }
}

/** Padding, white space, the other alphabet and stray trailing bits do not survive the way back. */
function decoded(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new InvalidTokenError('not canonical base64url');
  return bytes;
}
