import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { supervise } from './supervise.js';
import { work } from './work.js';

/** The server by several processes of `node:cluster`: this one looks after the others, or is one of them. */
export async function serveByWorkers(config: Config, log: Logger): Promise<void> {
  if (cluster.isPrimary) await supervise(config, log);
  else await work(config, log.child({ worker: cluster.worker?.id }));
}
