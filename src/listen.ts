import type { FastifyInstance } from 'fastify';
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

/**
 * Answers with the address, such as `http://127.0.0.1:4000`.
 * @throws StartError where the port cannot be had.
 */
export async function listenAt(
  listener: FastifyInstance,
  { host, port, variable }: Place,
): Promise<string> {
  try {
    return await listener.listen({ host, port });
  } catch (error) {
    const fault = LISTEN_FAULTS.get(Reflect.get(Object(error), 'code'));
    if (fault === undefined) throw error;
    const remedy = fault.replace('PORT', variable);
    throw new StartError(`Port ${port} of ${host} ${remedy}`, { cause: error });
  }
}
