import type { TestPool } from '../local-pool/test-pool.js';

/** The last code that the pool sent to an address. */
export function lastCode({ logged }: TestPool, address: string): string {
  const codes = logged.flatMap((line) => /^code (\d{6}) for (.+)$/.exec(line)?.slice(1) ?? []);
  const at = codes.lastIndexOf(address);
  return codes[at - 1] ?? 'none';
}
