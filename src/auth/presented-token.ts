import type { PersonViewer, Viewer } from './viewer.js';

/**
 * The tokens that viewers came with, for the one use of passing them on to the pool that issued them. A viewer
 * is a request's own, and a token goes with it; no log, cache or serialiser finds it there.
 */
const presented = new WeakMap<Viewer, string>();

export function keepPresentedToken(viewer: Viewer, token: string): void {
  presented.set(viewer, token);
}

/** @throws Error for a viewer who was made without a request */
export function presentedToken(viewer: PersonViewer): string {
  const token = presented.get(viewer);
  if (token === undefined) throw new Error('This viewer came without a token.');
  return token;
}
