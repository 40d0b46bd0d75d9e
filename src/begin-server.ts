import { setFlagsFromString } from 'node:v8';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import type { Server } from './app.js';
import type { Config } from './config.js';
import { giveBackFreedMemory } from './freed-memory.js';
import { GRACE } from './grace.js';

export interface BegunServer {
  /** Undefined where it was to end before it had started. */
  readonly started: Promise<Server | undefined>;
  /** Answers what is under way, then ends the process. */
  end(): void;
}

/**
 * Of V8: how much more than what lives it lets its heap hold before it collects, in percent; by itself up to three times as much.
 * Not from the beginning, when all of what is loaded lives, and collecting it would take the start a tenth longer.
 */
const HEAP_GROWTH = '--heap-growing-percent=60';

/** Milliseconds in which those are answered who waited for the start, before jobs and memory are looked after. */
const QUIET = 500;

type Signals = NonNullable<closeWithGrace.Options['skip']>;

/** Begins to build a server, and ends the process in peace once a signal, or an error that nobody catches, comes. */
export function beginServer(config: Config, log: Logger, ignored: Signals = []): BegunServer {
  let isClosing = false;
  const starting = build(config, log);
  // From here on: as the first process of a container it would not hear a signal that it has no handler for.
  const { close } = closeWithGrace(
    { delay: GRACE, logger: log, skip: ignored },
    async ({ err }) => {
      isClosing = true;
      if (err) log.fatal({ err }, 'the server stops');
      const server = await starting;
      if (err) server.report(err);
      await server.close();
    },
  );
  return {
    started: starting.then((server) => {
      setFlagsFromString(HEAP_GROWTH);
      if (isClosing) return undefined;
      setTimeout(() => {
        server.work();
        void giveBackFreedMemory(log);
      }, QUIET).unref();
      return server;
    }),
    end: () => {
      if (!isClosing) close();
    },
  };
}

/** Loaded only where it is to run: not in a process that does nothing but look after workers. */
async function build(config: Config, log: Logger): Promise<Server> {
  const { createServer } = await import('./app.js');
  return createServer({
    config,
    log,
    deliver: (message) => process.stdout.write(`${message}\n`),
    works: 'on demand',
  });
}
