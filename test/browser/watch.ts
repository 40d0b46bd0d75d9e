import type { BrowserContext, Request } from 'playwright-core';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
/** What never leaves the machine: `data:`, `blob:`, `about:` and the browser's own pages. */
const NETWORK = /^(?:https?|wss?):$/;
/** A JWT, or a parameter that would hold one. */
const TOKEN = /eyJ[\w-]+\.eyJ|(?:access|id|refresh)_token=[^&]/;

const REPORT_VIOLATIONS = `
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    reportViolation(effectiveDirective + ' ' + blockedURI + ' ' + sourceFile + ':' + lineNumber);
  });
`;

/** What a page did that none may do, and everything it asked for. */
export interface Watch {
  readonly faults: readonly string[];
  readonly requested: readonly string[];
}

/**
 * Watches every page of a context, frames and windows that it opens included: for requests off
 * loopback, tokens in URLs, violations of a content security policy and errors that nobody caught.
 * @param elsewhere hosts off loopback that may be asked all the same
 */
export async function watch(
  context: BrowserContext,
  elsewhere: readonly string[] = [],
): Promise<Watch> {
  const faults: string[] = [];
  const requested: string[] = [];
  const look = (url: string) => {
    requested.push(url);
    const { protocol, hostname } = new URL(url);
    if (NETWORK.test(protocol) && !LOOPBACK.test(hostname) && !elsewhere.includes(hostname))
      faults.push(`asked for ${url}, which is not on loopback`);
    if (TOKEN.test(decodeURIComponent(url))) faults.push(`put a token into the URL ${url}`);
  };
  context.on('request', (request: Request) => look(request.url()));
  context.on('weberror', (error) => faults.push(`did not catch ${error.error()}`));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  context.on('page', (page) => {
    page.on('websocket', (socket) => look(socket.url()));
    // A fragment is part of no request.
    page.on('framenavigated', (frame) => look(frame.url()));
  });
  await context.exposeBinding('reportViolation', (_source, violation: string) => {
    faults.push(`violated its content security policy: ${violation}`);
  });
  await context.addInitScript({ content: REPORT_VIOLATIONS });
  return { faults, requested };
}
