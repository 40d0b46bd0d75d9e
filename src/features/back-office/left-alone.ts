import type { Command } from './command.entity.js';

/** What there is to say of accounts that a command which was done has left as they were. */
export function leftAloneBy({ result }: Command): string | undefined {
  const pools = result?.leftAlone ?? [];
  if (pools.length === 0) return undefined;
  return `The account at ${pools.join(' and at ')} was left as it is: a pool that is not configured is not asked.`;
}
