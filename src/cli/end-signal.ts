import { constants } from 'node:os';

/**
 * Lets a command end by itself at Ctrl-C or SIGTERM; a second one ends it at once. `endedBy` tells the exit code
 * that goes with the signal, or 0 where there was none.
 */
export function endSignal(): { readonly signal: AbortSignal; readonly endedBy: () => number } {
  const ending = new AbortController();
  let code = 0;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      code = 128 + constants.signals[name];
      ending.abort();
    });
  return { signal: ending.signal, endedBy: () => code };
}
