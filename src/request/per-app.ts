import type { App } from './app.js';
import { builtOnce } from './per-request.js';

/** Builds a value on first use in a running server and shares it among all of its requests. */
export function perApp<T extends object>(build: (app: App) => T): (app: App) => T {
  return builtOnce(build);
}
