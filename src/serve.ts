import closeWithGrace from 'close-with-grace';
import { createServer, type Server } from './app.js';
import { type Config, readConfig } from './config.js';
import { createLog } from './log.js';
import { StartError } from './start-error.js';

/** Milliseconds from a signal until the process ends, whatever is still under way. */
const GRACE = 10_000;

/** By the code of the system's error. */
const LISTEN_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'is taken. Stop what listens there, or set PORT to a free port.'],
  ['EACCES', 'may not be used by this account. Set PORT to one above 1023.'],
  ['EADDRNOTAVAIL', 'cannot be had: set HOST to an address of this machine.'],
]);

let isClosing = false;

try {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel });
  const starting = createServer({
    config,
    log,
    deliver: (message) => process.stdout.write(`${message}\n`),
  });
  // From here on: as the first process of a container it would not hear a signal that it has no handler for.
  closeWithGrace({ delay: GRACE, logger: log }, async ({ err }) => {
    isClosing = true;
    if (err) log.fatal({ err }, 'the server stops');
    const server = await starting;
    if (err) server.report(err);
    await server.close();
  });
  const server = await starting;
  if (!isClosing) process.stdout.write(welcome(await listen(server, config), server, config));
} catch (error) {
  process.stderr.write(`${error instanceof StartError ? error.message : errorText(error)}\n`);
  process.exit(1);
}

interface Addresses {
  readonly api: string;
  readonly metrics: string | undefined;
}

/** @throws StartError where a port cannot be had. */
async function listen(server: Server, { host, port, metricsPort = 0 }: Config): Promise<Addresses> {
  const metrics =
    server.metrics &&
    (await listenAt(server.metrics, { host, port: metricsPort, variable: 'METRICS_PORT' }, server));
  return { metrics, api: await listenAt(server.http, { host, port, variable: 'PORT' }, server) };
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly variable: 'PORT' | 'METRICS_PORT';
}

async function listenAt(
  listener: Server['http'],
  { host, port, variable }: Place,
  { close }: Server,
): Promise<string> {
  try {
    return await listener.listen({ host, port });
  } catch (error) {
    await close();
    const fault = LISTEN_FAULTS.get(Reflect.get(Object(error), 'code'));
    if (fault === undefined) throw error;
    const remedy = fault.replace('PORT', variable);
    throw new StartError(`Port ${port} of ${host} ${remedy}`, { cause: error });
  }
}

function welcome(
  { api, metrics }: Addresses,
  { localPool }: Server,
  { pools, sandbox }: Config,
): string {
  const lines = ['', `  Lifeguard answers at ${api}/graphql`];
  if (sandbox !== 'off') lines.push('                       (in a browser: the sandbox)');
  if (localPool !== undefined) lines.push(`  Local pool at        ${localPool.endpoint}`);
  if (metrics !== undefined) lines.push(`  Metrics at           ${metrics}/metrics`);
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
