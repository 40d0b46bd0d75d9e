import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A call that came by. */
export interface SeenCall {
  readonly operation: string;
  /** Milliseconds, by `performance.now()`, when it arrived. */
  readonly at: number;
}

/** What a pool answers, as JSON. */
export type PoolAnswer = Readonly<Record<string, unknown>>;

/** Stands in front of a pool, notes every call, and may change what comes back. */
export interface PoolProxy {
  readonly endpoint: string;
  readonly calls: readonly SeenCall[];
  /** How many calls of an operation came by. */
  count(operation: string): number;
  /** Changes answers from now on; an absent change is none. */
  change(change?: (operation: string, answer: PoolAnswer) => PoolAnswer): void;
  close(): Promise<void>;
}

export async function startPoolProxy(target: string): Promise<PoolProxy> {
  const calls: SeenCall[] = [];
  let change = (_operation: string, answer: PoolAnswer) => answer;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    if (operation !== '') calls.push({ operation, at: performance.now() });
    const { method = 'GET', url = '/' } = request;
    const headers = { ...request.headers, host: new URL(target).host };
    const sent = method === 'GET' ? {} : { body: await buffer(request) };
    const answer = await fetch(target + url, { method, headers: forwarded(headers), ...sent });
    const text = await answer.text();
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
    });
    const isChanged = operation !== '' && answer.ok;
    response.end(isChanged ? JSON.stringify(change(operation, JSON.parse(text))) : text);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    count: (operation) => calls.filter((call) => call.operation === operation).length,
    change: (next = (_operation, answer) => answer) => {
      change = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The most of these calls that came within a second. */
export function busiestSecond(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= 1_000) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** What is about the whole way to the target, not about one hop of it. */
function forwarded(headers: IncomingMessage['headers']): Record<string, string> {
  const hop = new Set(['connection', 'content-length', 'transfer-encoding', 'expect']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !hop.has(name) ? [[name, value]] : [],
    ),
  );
}
