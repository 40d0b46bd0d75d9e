import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApi } from './api.js';

export const WEBHOOK_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

export interface Sent {
  readonly id?: string;
  /** Seconds since the epoch. */
  readonly timestamp?: number;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a message to `/hooks/pool` as a genuine sender would, but for what is given otherwise. */
export async function hook({ server }: TestApi, body: unknown, sent: Sent = {}) {
  const { id = randomUUID(), secret = WEBHOOK_SECRET } = sent;
  const timestamp = String(sent.timestamp ?? Math.floor(Date.now() / 1000));
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.${payload}`)
    .digest('base64');
  const response = await server.http.inject({
    method: 'POST',
    url: '/hooks/pool',
    headers: {
      host: '127.0.0.1',
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      ...sent.headers,
    },
    payload,
  });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

/**
 * Waits until there is something other than undefined or false; a busy machine takes its time.
 * @throws Error after 30 seconds
 */
export async function eventually<Value>(look: () => Promise<Value>): Promise<Value> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error('It did not come about within 30 seconds.');
    await sleep(100);
  }
}
