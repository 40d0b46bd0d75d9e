import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError } from '../errors.js';
import { requestError } from './errors.js';

export interface HostGuardOptions {
  /** Whether the server is for this machine alone. */
  readonly loopbackOnly: boolean;
  /** Origins allowed besides those on loopback, such as `https://app.example.com`. */
  readonly corsOrigins: readonly string[];
}

/**
 * Refuses what a page elsewhere could make a browser send to a server on loopback: a name of its
 * own that resolves to 127.0.0.1 (DNS rebinding), or a foreign `Origin`.
 * @throws RequestError for a host that is no host, ForbiddenError for one or an origin not allowed
 */
export function guardHost(request: FastifyRequest, options: HostGuardOptions): void {
  // The GraphQL handler makes a URL of these.
  if (!URL.canParse(`${request.protocol}://${request.hostname}/`)) throw requestError(400);
  if (!options.loopbackOnly) return;
  // Not `request.host`, which a proxy's header may replace.
  if (!isLoopbackUrl(`http://${request.headers.host}`)) {
    throw new ForbiddenError('This host name is not served.', {
      reason: 'host',
      hint: 'Use localhost or 127.0.0.1.',
    });
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isAllowedOrigin(origin, options)) {
    throw new ForbiddenError('This origin is not allowed.', {
      reason: 'origin',
      hint: 'Add it to CORS_ORIGINS.',
    });
  }
}

/** Whether a page of this origin may call the server from a browser. */
export function isAllowedOrigin(origin: string, options: HostGuardOptions): boolean {
  if (options.corsOrigins.includes(origin)) return true;
  return options.loopbackOnly && isLoopbackUrl(origin);
}

/** `localhost`, 127.0.0.0/8 and ::1 (RFC 6890, section 2.2.2). */
function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
}
