import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.js';
import { databaseLocation } from './database/location.js';
import { StartError } from './start-error.js';

const NO_HOST = 'cannot be had: set HOST to an address of this machine.';

/** By the code of the system's error. */
const LISTEN_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'is taken. Stop what listens there, or set PORT to a free port.'],
  ['EACCES', 'may not be used by this account. Set PORT to one above 1023.'],
  ['EADDRNOTAVAIL', NO_HOST],
  ['ENOTFOUND', NO_HOST],
  ['EAI_AGAIN', NO_HOST],
]);

/** Where to listen, and what the port is called in the environment. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly variable: 'PORT' | 'METRICS_PORT';
}

/** Of the API and of the metrics; port 0 is any that is free. */
export function placesOf({
  host,
  port,
  metricsPort = 0,
}: Pick<Config, 'host' | 'port' | 'metricsPort'>): Readonly<Record<'api' | 'metrics', Place>> {
  return {
    api: { host, port, variable: 'PORT' },
    metrics: { host, port: metricsPort, variable: 'METRICS_PORT' },
  };
}

/**
 * Tells what `listenAt` would tell, before anything is made, by listening for a moment. Who takes a port after that is told
 * of by `listenAt` all the same.
 * @throws StartError where a port cannot be had.
 * @throws FolderLockedError where it is most likely had by the server that holds the embedded database.
 */
export async function expectPorts(config: Config): Promise<void> {
  try {
    for (const place of Object.values(placesOf(config))) await expectPort(place);
  } catch (error) {
    const location = databaseLocation(config);
    if ('folder' in location) {
      const { refuseHeldFolder } = await import('./database/folder-lock.js');
      await refuseHeldFolder(location.folder);
    }
    throw error;
  }
}

async function expectPort(place: Place): Promise<void> {
  if (place.port === 0) return;
  const listener = createServer();
  try {
    const listening = once(listener, 'listening');
    listener.listen({ host: place.host, port: place.port });
    await listening;
  } catch (error) {
    throw faultOf(error, place);
  }
  const closed = once(listener, 'close');
  listener.close();
  await closed;
}

/**
 * Answers with the address, such as `http://127.0.0.1:4000`.
 * @throws StartError where the port cannot be had.
 */
export async function listenAt(listener: FastifyInstance, place: Place): Promise<string> {
  try {
    return await listener.listen({ host: place.host, port: place.port });
  } catch (error) {
    throw faultOf(error, place);
  }
}

/** With the remedy, where one is known. */
function faultOf(error: unknown, { host, port, variable }: Place): unknown {
  const fault = LISTEN_FAULTS.get(Reflect.get(Object(error), 'code'));
  if (fault === undefined) return error;
  return new StartError(`Port ${port} of ${host} ${fault.replace('PORT', variable)}`, {
    cause: error,
  });
}
