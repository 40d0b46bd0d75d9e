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

/**
 * Watches a command for the `Date` of its answer. Answers with how to read it, in whole seconds: the pool's
 * clock, by which tokens are issued; our own where the answer has none.
 */
export function clockOf(command: object): () => Date {
  let date: string | undefined;
  // Commands differ in the types of input and output alone, which this does not look at.
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
