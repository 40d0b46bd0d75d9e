import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { encoded } from '../../test/support/token-forge.js';
import type { FloodOrder, FloodResult } from './flood.js';

const CONNECTIONS = 40;
/** Milliseconds between two bursts. */
const PACE = 10;

// The one who starts this thread says so.
const { port, perSecond, seconds, goodToken, spread, unknownKeys } = workerData as FloodOrder;
const [header = '', payload = '', signature = ''] = goodToken.split('.');
const [parameters, claims] = [decoded(header), decoded(payload)];

const statuses: Record<string, number> = {};
const sockets = Array.from({ length: CONNECTIONS }, open);
let sent = 0;

function open(): Socket {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  // An answer cut in two where its status stands is one that is not counted.
  socket.setEncoding('latin1').on('data', (text: string) => {
    for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3})/g))
      statuses[status] = (statuses[status] ?? 0) + 1;
  });
  return socket;
}

function decoded(part: string): object {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

/** Good in everything but the signature, which is another token's: to refuse it takes the whole verification. */
function badRequest(): string {
  const number = sent++;
  const bad = encoded({ ...claims, jti: `flood-${number}` });
  const head = unknownKeys ? encoded({ ...parameters, kid: `key-${number}` }) : header;
  const body = '{"query":"{ me { id } }"}';
  const address = spread
    ? `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
    : '10.0.0.1';
  return [
    'POST /graphql HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `X-Forwarded-For: ${address}`,
    `Authorization: Bearer ${head}.${bad}.${signature}`,
    '',
    body,
  ].join('\r\n');
}

const began = performance.now();
const timer = setInterval(() => {
  const elapsed = performance.now() - began;
  const due = Math.min(elapsed / 1000, seconds) * perSecond;
  while (sent < due) sockets[sent % CONNECTIONS]?.write(badRequest());
  if (elapsed < seconds * 1000) return;
  clearInterval(timer);
  for (const socket of sockets) socket.destroy();
  const result: FloodResult = { sent, statuses };
  parentPort?.postMessage(result);
}, PACE);
