import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Page } from 'playwright-core';
import type { Libraries } from './page/main.js';

/** A library's functions, called where it runs: what they give and take is JSON there. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...args: never) => unknown ? K : never]: T[K] extends (
    ...args: infer Args
  ) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** A library in a page. */
export function inPage<K extends keyof Libraries>(page: Page, library: K): Remote<Libraries[K]> {
  return remote((method, args) =>
    page.evaluate((call) => callLibrary(call), { library, method, args }),
  );
}

let thread: Worker | undefined;

/** A library in a Node of its own, one for a test file, where calls have to wait for each other. */
export function inNode<K extends keyof Libraries>(library: K): Remote<Libraries[K]> {
  thread ??= new Worker(fileURLToPath(new URL('./library-thread.js', import.meta.url)));
  const node = thread;
  return remote(async (method, args) => {
    const answered = once(node, 'message');
    node.postMessage({ library, method, args });
    const [outcome] = await answered;
    return outcome;
  });
}

/** Ends the Node of this test file. */
export async function closeNode(): Promise<void> {
  await thread?.terminate();
}

function remote<T extends object>(
  call: (method: string, args: unknown[]) => ReturnType<typeof callLibrary>,
): Remote<T> {
  const methods = new Proxy(
    {},
    {
      get: (_target, method) =>
        // A promise would be asked for `then`.
        method === 'then'
          ? undefined
          : async (...args: unknown[]) => {
              const { value, error } = await call(String(method), args);
              if (error === undefined) return value;
              throw Object.assign(new Error(error.message), { name: error.name });
            },
    },
  );
  // Every property is the method of its name.
  return methods as Remote<T>;
}
