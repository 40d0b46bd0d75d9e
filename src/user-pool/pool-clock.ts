import type { PoolCall, PoolSdk } from './pool-connection.js';

/**
 * Sends a command and answers with the `Date` of its answer, in whole seconds: the pool's clock, by which tokens are issued;
 * our own where the answer has none.
 */
export async function timed(
  command: (sdk: PoolSdk) => object,
  call: (send: PoolCall<unknown>['send']) => Promise<unknown>,
): Promise<Date> {
  let clock = () => new Date();
  await call((sdk, client) => {
    const sent = command(sdk);
    clock = clockOf(sent);
    // Commands differ in the types of input and output alone, which nobody looks at here.
    return client.send(sent as never);
  });
  return clock();
}

/** The middleware stack of any command of the SDK, as far as it is needed here. */
interface Observed {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: { request: unknown; input: never }) => Promise<{ response: unknown }>,
      ) => unknown,
      options: { readonly step: 'deserialize'; readonly priority: 'low' },
    ): void;
  };
}

/** Watches a command for the `Date` of its answer, and tells how to read it. */
function clockOf(command: object): () => Date {
  let date: string | undefined;
  (command as Observed).middlewareStack.add(
    (next) => async (args: { request: unknown; input: never }) => {
      const result = await next(args);
      if (isHttpResponse(result.response)) date = result.response.headers.date;
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  return () => {
    const time = date === undefined ? Number.NaN : Date.parse(date);
    return Number.isNaN(time) ? new Date() : new Date(time);
  };
}

function isHttpResponse(value: unknown): value is { headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'headers' in value;
}
