import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Received {
  readonly url: string;
  readonly token: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP server that answers as it is told to, and remembers what it was asked. */
export interface ScriptedApi {
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers requests from now on by this, and forgets those of before. */
  answer(by: (request: Received, earlier: number) => Reply): void;
  close(): Promise<void>;
}

export async function scriptedApi(): Promise<ScriptedApi> {
  let script: (request: Received, earlier: number) => Reply = () => ({ status: 404 });
  const received: Received[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { url = '', headers } = incoming;
    const token = headers.authorization?.replace(/^Bearer /, '');
    const request = { url, token, headers, body: Buffer.concat(chunks).toString() };
    const reply = script(request, received.length);
    received.push(request);
    outgoing.writeHead(reply.status ?? 200, {
      'content-type': 'application/graphql-response+json',
      ...reply.headers,
    });
    outgoing.end(JSON.stringify(reply.body ?? { data: { __typename: 'Query' } }));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    received,
    answer(by) {
      received.length = 0;
      script = by;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A refusal as Lifeguard words it. */
export function refusal(
  status: number,
  code: string,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const errors = [{ message: 'Refused.', extensions: { code, reason } }];
  return { status, headers, body: { errors } };
}
