import { enableCompileCache } from 'node:module';
import closeWithGrace from 'close-with-grace';
import type { Server } from './app.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { FolderLockedError } from './database/folder-lock.js';
import { createLog } from './log.js';

/** Milliseconds from a signal until the process ends, whatever is still under way. */
const GRACE = 10_000;

// What the next start need not compile again; so the bulk of the code is imported after it.
enableCompileCache();

try {
  const { createServer } = await import('./app.js');
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel });
  const server = await createServer({
    config,
    log,
    deliver: (message) => process.stdout.write(`${message}\n`),
  });
  closeWithGrace({ delay: GRACE, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'the server stops');
    await server.close();
  });
  const address = await server.http.listen({ host: config.host, port: config.port });
  process.stdout.write(welcome(address, server, config));
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof FolderLockedError;
  process.stderr.write(`${expected ? error.message : errorText(error)}\n`);
  process.exit(1);
}

function welcome(address: string, { localPool }: Server, { pools }: Config): string {
  const lines = ['', `  Lifeguard answers at ${address}/graphql`];
  if (localPool !== undefined) lines.push(`  Local pool at        ${localPool.endpoint}`);
  if (pools.length === 0) {
    lines.push(
      '',
      '  Sign-ins (password Lifeguard1!):',
      '    ada@example.com  group admin      sam@example.com  group support',
      '    uma@example.com  no group         dan@example.com  disabled',
      '  An access token:   npm run -s token -- ada@example.com',
    );
  }
  return `${lines.join('\n')}\n\n`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
