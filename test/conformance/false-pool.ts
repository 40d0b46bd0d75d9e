import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one operation is answered with: untruly, or undefined for the truth. */
export type Lie = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

export interface Call {
  readonly operation: string;
  readonly input: unknown;
  /** The true answer; the pool is asked only when this is called. */
  readonly truth: () => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A deliberately wrong implementation: a true one behind a proxy that falsifies some answers. */
export async function startFalsePool(endpoint: string, lie: Lie) {
  const server = createServer(async (request, response) => {
    const chunks: unknown[] = await request.toArray();
    const sent = Buffer.concat(chunks.filter((chunk) => Buffer.isBuffer(chunk)));
    const truth = async (): Promise<Answer> => {
      const answer = await fetch(endpoint + request.url, {
        method: request.method ?? 'GET',
        headers: headersOf(request.headers),
        ...(sent.length > 0 && { body: sent }),
      });
      return { status: answer.status, body: parsed(await answer.text()) };
    };
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const call = { operation, input: parsed(sent.toString()), truth };
    const { status, body } = (await lie(call)) ?? (await truth());
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
    });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const FORWARDED = ['x-amz-target', 'content-type', 'authorization', 'accept'];

function headersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    FORWARDED.filter((name) => headers[name] !== undefined).map((name) => [
      name,
      String(headers[name]),
    ]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
