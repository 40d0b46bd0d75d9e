import type { Logger } from 'pino';
import { beginServer } from './begin-server.js';
import { type Config, readConfig } from './config.js';
import { expectPorts, listenAt, placesOf } from './listen.js';
import { createLog } from './log/index.js';
import { StartError } from './start-error.js';
import { welcome } from './welcome.js';

// A reader of it who has gone, or a disk that is full, costs what was said, not the server.
process.stdout.on('error', () => {});

try {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel });
  if (config.workers === 1) await serveAlone(config, log);
  else await (await import('./workers/index.js')).serveByWorkers(config, log);
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : errorText(error)}\n`);
  process.exit(1);
}

async function serveAlone(config: Config, log: Logger): Promise<void> {
  await expectPorts(config);
  const server = await beginServer(config, log).started;
  if (server === undefined) return;
  const places = placesOf(config);
  try {
    const metrics = server.metrics && (await listenAt(server.metrics, places.metrics));
    const api = await listenAt(server.http, places.api);
    const localPool = server.localPool?.endpoint;
    process.stdout.write(welcome({ api, metrics, localPool }, config));
  } catch (error) {
    await server.close();
    throw error;
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
