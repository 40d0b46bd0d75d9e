import type { FastifyReply } from 'fastify';
import { layout, type Page } from './views/layout.js';

/** Sends a page. Its form leads to the redirect URI in the end, which browsers ask the policy about as well. */
export function send(reply: FastifyReply, page: Page, redirectUri?: string): FastifyReply {
  return reply
    .headers({
      'content-security-policy': [
        "default-src 'none'",
        "style-src 'self'",
        `form-action 'self'${redirectUri === undefined ? '' : ` ${sourceOf(redirectUri)}`}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'x-frame-options': 'DENY',
    })
    .type('text/html; charset=utf-8')
    .send(layout(page));
}

/** A redirect URI in a policy: its origin, or its scheme where a policy cannot name the host. */
function sourceOf(redirectUri: string): string {
  const { protocol, origin, hostname } = new URL(redirectUri);
  const isNameable = protocol.startsWith('http') && !hostname.startsWith('[');
  return isNameable ? origin : protocol;
}
