import type { Context } from './context.js';

/** Builds a value on first use in a request and drops it with the request's context. */
export function perRequest<T extends object>(
  build: (context: Context) => T,
): (context: Context) => T {
  return builtOnce(build);
}

/** Calls `build` once for each key and forgets the value with the key. */
export function builtOnce<K extends object, T extends object>(build: (key: K) => T): (key: K) => T {
  const built = new WeakMap<K, T>();
  return (key) => {
    const existing = built.get(key);
    if (existing !== undefined) return existing;
    const value = build(key);
    built.set(key, value);
    return value;
  };
}
