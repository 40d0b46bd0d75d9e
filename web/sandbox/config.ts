import { z } from 'zod';

const signInPool = z.object({
  poolId: z.string(),
  authority: z.string(),
  clientIds: z.array(z.string()),
});
const sandboxConfig = z.object({
  endpoint: z.string(),
  localPool: z.string().nullable(),
  pools: z.array(signInPool),
});

export type SignInPool = z.infer<typeof signInPool>;
/** What the server tells its page. */
export type SandboxConfig = z.infer<typeof sandboxConfig>;

/** The configuration in the page's data block. @throws where the page was not served by Lifeguard */
export function readConfig(page: Document): SandboxConfig {
  return sandboxConfig.parse(JSON.parse(page.getElementById('config')?.textContent ?? ''));
}
