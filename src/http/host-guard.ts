import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../errors.js';
import { requestError } from './errors.js';

export interface HostGuardOptions {
  /** Whether the server is for this machine alone. */
  readonly loopbackOnly: boolean;
  /** Origins allowed besides those on loopback, such as `https://app.example.com`. */
  readonly corsOrigins: readonly string[];
}

/** `Host` and `Origin` as browsers write them: no port, or one, and no other spelling of an address. */
const HOST = /^(?:[\w.~%!$&'()*+,;=-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** `localhost`, 127.0.0.0/8 and ::1 (RFC 6890, section 2.2.2). */
const LOOPBACK = String.raw`(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?`;
const LOOPBACK_HOST = new RegExp(`^${LOOPBACK}$`, 'i');
const LOOPBACK_ORIGIN = new RegExp(`^https?://${LOOPBACK}$`, 'i');

/**
 * Refuses what a page elsewhere could make a browser send to a server on loopback: a name of its
 * own that resolves to 127.0.0.1 (DNS rebinding), or a foreign `Origin`.
 * @throws RequestError for a host that is none or not the only one, ForbiddenError for one or an origin not allowed
 */
export function guardHost(request: FastifyRequest, options: HostGuardOptions): void {
  // Not `request.host`, which a proxy's header may replace.
  const { host = '', origin } = request.headers;
  if (!HOST.test(host) || !isOnlyHost(request.raw, host)) throw requestError(400);
  if (!options.loopbackOnly) return;
  if (!LOOPBACK_HOST.test(host)) {
    throw new ForbiddenError('This host name is not served.', {
      reason: 'host',
      hint: 'Use localhost or 127.0.0.1.',
    });
  }
  if (origin !== undefined && !isAllowedOrigin(origin, options)) {
    throw new ForbiddenError('This origin is not allowed.', {
      reason: 'origin',
      hint: 'Add it to CORS_ORIGINS.',
    });
  }
}

/**
 * Whether neither a second header (RFC 9112, section 3.2) nor the target in its absolute form
 * (section 3.2.2) names another host.
 */
function isOnlyHost({ rawHeaders, url = '/' }: IncomingMessage, host: string): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts++;
  if (hosts !== 1) return false;
  const authority = url.startsWith('/') ? undefined : /^\w+:\/\/([^/?#]*)/.exec(url)?.[1];
  return authority === undefined || authority.toLowerCase() === host.toLowerCase();
}

/** Whether a page of this origin may call the server from a browser. */
export function isAllowedOrigin(origin: string, options: HostGuardOptions): boolean {
  if (options.corsOrigins.includes(origin)) return true;
  return options.loopbackOnly && LOOPBACK_ORIGIN.test(origin);
}
