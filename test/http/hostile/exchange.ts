import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Bytes as they are sent, in pieces. */
export type Bytes = readonly (string | Buffer)[];

export interface RawAnswer {
  /** 0 where the connection was ended without an answer. */
  readonly status: number;
  /** By name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Bytes of all that came. */
  readonly size: number;
  /** Milliseconds from the first byte sent to the end of the connection, by whichever side. */
  readonly took: number;
}

/** Milliseconds after which a client ends what the server does not. */
const GIVE_UP = 20_000;

/** Sends bytes to a port of 127.0.0.1 and takes what comes back until the server ends the connection. */
export async function exchange(
  port: number,
  bytes: Bytes,
  onSent?: (socket: Socket) => void,
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses need not read to the end.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const givingUp = setTimeout(() => socket.destroy(), GIVE_UP);
  await once(socket, 'connect');
  const began = performance.now();
  for (const piece of bytes) socket.write(piece);
  onSent?.(socket);
  await closed;
  clearTimeout(givingUp);
  return answerOf(Buffer.concat(chunks), performance.now() - began);
}

function answerOf(bytes: Buffer, took: number): RawAnswer {
  const [head = '', ...rest] = bytes.toString('latin1').split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(start.split(' ')[1] ?? 0),
    headers: new Map(headers),
    body: Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString(),
    size: bytes.length,
    took,
  };
}

export interface HttpRequest {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request well-formed as HTTP, whose answer ends the connection. */
export function bytesOf({
  method = 'POST',
  target = '/graphql',
  headers,
  body,
}: HttpRequest): Bytes {
  const lines = Object.entries({
    host: 'api.example.com',
    connection: 'close',
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return body === undefined ? [head] : [head, body];
}
