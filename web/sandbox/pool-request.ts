import { z } from 'zod';

/** What a pool answers, or that it does not, for people to read. */
export class PoolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PoolError';
  }
}

/** Milliseconds. A pool may hang, if only because the fault switches say so. */
const DEADLINE = 10_000;

/** Errors of Cognito's API, of its OAuth endpoints, and of Fastify. */
const fault = z.union([
  z
    .object({ __type: z.string(), message: z.string() })
    .transform(({ __type, message }) => `${__type}: ${message}`),
  z
    .object({ error: z.string(), error_description: z.string().optional() })
    .transform(({ error, error_description }) => error_description ?? error),
]);

/**
 * Sends a request to the local pool and gives the JSON of its answer, undefined for none.
 * @throws PoolError where it refuses, fails or does not answer
 */
export async function poolRequest(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(DEADLINE) }).catch(
    (error: unknown) => {
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      throw new PoolError(
        late ? 'The local pool did not answer within 10 s.' : 'The local pool does not answer.',
      );
    },
  );
  const body = parsed(await response.text());
  if (response.ok) return body;
  const said = response.status === 404 ? undefined : fault.safeParse(body).data;
  throw new PoolError(said ?? unexplained(url, response));
}

function unexplained(url: string, { status }: Response): string {
  if (status === 404) return `The local pool has no ${new URL(url).pathname}.`;
  return `The local pool answered with HTTP ${status}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
