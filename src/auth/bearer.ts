import { MAX_TOKEN_LENGTH } from './compact-jws.js';
import { MalformedAuthorizationError } from './errors.js';

/** `"Bearer" 1*SP b64token` (RFC 6750, section 2.1); a scheme has no case (RFC 9110, section 11.1). */
const CREDENTIALS = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * The token of the Authorization header; none without that header. Headers alone are read: RFC 6750's
 * other places, the body and the query string, end up in logs and histories.
 * @param request `rawHeaders` holds names and values in turn, as node:http has them: only there a
 * repeated header shows.
 * @throws MalformedAuthorizationError
 */
export function bearerToken(request: {
  readonly rawHeaders: readonly string[];
}): string | undefined {
  const { rawHeaders } = request;
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'authorization') continue;
    if (value !== undefined) throw new MalformedAuthorizationError();
    value = rawHeaders[index + 1];
  }
  if (value === undefined) return undefined;
  if (value.length > MAX_TOKEN_LENGTH) throw new MalformedAuthorizationError();
  const token = CREDENTIALS.exec(value)?.[1];
  if (token === undefined) throw new MalformedAuthorizationError();
  return token;
}
