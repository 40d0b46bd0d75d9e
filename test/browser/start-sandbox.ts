import { startApi, type TestApi } from '../support/api.js';
import { emptyDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';

export interface Sandbox {
  readonly api: TestApi;
  /** Such as `http://127.0.0.1:41234`; the sandbox is at `/graphql`. */
  readonly origin: string;
}

/** A whole server that listens, whose local pool was seeded for the port of this very server. */
export async function startSandbox(
  environment: Readonly<Record<string, string>> = {},
): Promise<Sandbox> {
  const port = await freePort();
  const api = await startApi({
    environment: { ...environment, PORT: String(port) },
    database: await emptyDatabase(),
  });
  return { api, origin: await api.server.http.listen({ host: '127.0.0.1', port }) };
}
