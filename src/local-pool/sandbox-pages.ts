import type { PoolClient, PoolStore } from './pool-store.js';
import { known } from './sign-in-page/known.js';

/** Where the server shows the sandbox. */
export function sandboxPages(port: number): string[] {
  return ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}/graphql`);
}

/** Lets the sign-in page lead back to the sandbox although the server has got another port than before. */
export async function leadBack(clientId: string, port: number, pools: PoolStore): Promise<void> {
  // A port that the system chooses is known too late.
  const client = port === 0 ? undefined : await known(pools.client(clientId));
  if (client === undefined || missing(client, port).length === 0) return;
  const { settings } = client;
  await pools.changeClient(client, {
    ...settings,
    CallbackURLs: [...settings.CallbackURLs, ...missing(client, port)],
    LogoutURLs: [...new Set([...settings.LogoutURLs, ...sandboxPages(port)])],
  });
}

function missing({ settings }: PoolClient, port: number): string[] {
  return sandboxPages(port).filter((page) => !settings.CallbackURLs.includes(page));
}
