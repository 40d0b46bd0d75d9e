import type { z } from 'zod';

/** A request to a development route that is not as it has to be; answered with status 400. */
export class InputError extends Error {
  readonly statusCode = 400;

  /** Sentences that name the input, the rule and the remedy. */
  constructor(readonly faults: readonly string[]) {
    super(faults.join(' '));
    this.name = 'InputError';
  }
}

/** The input in the shape that is wanted. @throws InputError with every fault of it */
export function inputOf<Shape extends z.ZodType>(shape: Shape, given: unknown): z.output<Shape> {
  const { data, error } = shape.safeParse(given);
  if (error === undefined) return data;
  throw new InputError(error.issues.map(({ path, message }) => `${nameOf(path)} ${message}`));
}

/** The error of a strict object: what it has too much, or that it is none. */
export function objectSuchAs(example: string) {
  return {
    error: ({ code, keys = [] }: { readonly code?: string; readonly keys?: readonly string[] }) =>
      code === 'unrecognized_keys'
        ? `has the unknown ${keys.join(', ')}. Leave it out.`
        : `has to be an object. Give one such as ${example}.`,
  };
}

/** Such as `operations[0].match`. */
function nameOf(path: readonly PropertyKey[]): string {
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return name === '' ? 'The body' : name.replace(/^\./, '');
}
