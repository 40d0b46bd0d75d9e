import { Server } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Health } from './health.js';

/** Milliseconds from `close()` on. */
interface CloseTiming {
  /** In which connections that are kept alive may bring a request more, whose answer ends them. */
  readonly farewell: number;
  /** Until what is under way is cut. */
  readonly deadline: number;
}

const TIMING: CloseTiming = { farewell: 500, deadline: 9_500 };

/** Milliseconds between looks at what is still connected. */
const LOOK = 20;

/**
 * Makes `app.close()` finish the requests under way: no new connections, each answer ends its connection, and
 * what is still open at the deadline is cut. A connection that idles is not closed at once: a request may be on its
 * way, which a client would see fail (RFC 9112, section 9.6).
 */
export function closeGracefully(
  app: FastifyInstance,
  health: Health,
  { farewell, deadline }: CloseTiming = TIMING,
) {
  let cut: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    health.drain();
    cut = setTimeout(() => app.server.closeAllConnections(), deadline);
    await acceptWhatCame();
    // That of HTTP would close what idles.
    Server.prototype.close.call(app.server);
    for (const end = Date.now() + farewell; Date.now() < end; await sleep(LOOK))
      if ((await connectionsOf(app.server)) === 0) return;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (health.draining) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onClose', async () => clearTimeout(cut));
}

/** Connections that the system holds ready while the process is busy would be reset unread by a close. */
async function acceptWhatCame(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
