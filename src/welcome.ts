import type { Config } from './config.js';
import { variables } from './config-variables.js';

/** Where a server answers, as URLs without a path. */
export interface Addresses {
  readonly api: string;
  readonly metrics: string | undefined;
  /** Undefined where another server runs it, and where pools are configured. */
  readonly localPool: string | undefined;
}

/** What whoever starts the server is told. */
export function welcome(
  { api, metrics, localPool }: Addresses,
  { pools, sandbox, workers, localPoolPort }: Config,
): string {
  const lines = ['', `  Lifeguard answers at ${api}/graphql`];
  if (workers > 1) lines.push(`                       by ${workers} processes`);
  if (sandbox !== 'off') lines.push('                       (in a browser: the sandbox)');
  if (localPool !== undefined) lines.push(`  Local pool at        ${localPool}`);
  if (metrics !== undefined) lines.push(`  Metrics at           ${metrics}/metrics`);
  if (pools.length === 0) {
    const port = localPool === undefined ? String(localPoolPort) : new URL(localPool).port;
    const setting = port === variables.LOCAL_POOL_PORT.default ? '' : `LOCAL_POOL_PORT=${port} `;
    lines.push(
      '',
      '  Sign-ins (password Lifeguard1!):',
      '    ada@example.com  group admin      sam@example.com  group support',
      '    uma@example.com  no group         dan@example.com  disabled',
      `  An access token:   ${setting}npm run -s token -- ada@example.com`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}
