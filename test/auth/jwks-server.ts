import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse) => void;

export interface JwksServer {
  readonly origin: string;
  readonly jwksUri: string;
  /** The path of each request so far. */
  readonly requests: readonly string[];
  /** What it answers from now on: JSON of a value, or whatever a function does. */
  serve(answer: Answer | object): void;
  close(): Promise<void>;
}

/** Publishes keys on a port of 127.0.0.1, a free one by default. */
export async function startJwksServer(initial: Answer | object, port = 0): Promise<JwksServer> {
  let answer = initial;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (typeof answer === 'function') answer(response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  // Those of `hostile-fixture.ts` are closed by none.
  server.unref();
  // A server that listens on TCP has an address with a port.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    jwksUri: `${origin}/pool/.well-known/jwks.json`,
    requests,
    serve(next) {
      answer = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
