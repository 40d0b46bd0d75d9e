import type { FastifyInstance } from 'fastify';
import type { Health } from './health.js';

/** Milliseconds that requests under way have from `close()` on. */
const CLOSE_DEADLINE = 9_500;

/**
 * Makes `app.close()` finish the requests under way: no new connections, each answer ends its
 * connection, and what is still open at the deadline is cut.
 */
export function closeGracefully(app: FastifyInstance, health: Health, deadline = CLOSE_DEADLINE) {
  let cut: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    health.drain();
    cut = setTimeout(() => app.server.closeAllConnections(), deadline);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (health.draining) reply.header('connection', 'close');
  });
  app.addHook('onClose', async () => clearTimeout(cut));
}
