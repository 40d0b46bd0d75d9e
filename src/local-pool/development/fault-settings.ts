import { z } from 'zod';
import { objectSuchAs } from './input.js';
import { QUOTA_CATEGORIES, quotaCategoryOf } from './quota-categories.js';

/** Matches every operation. */
const ANY = '*';
const FAULTS = ['latency', 'throttling', 'error', 'hang', 'reset'] as const;
const JWKS_FAULTS = ['ok', 'empty', 'broken', 'huge', 'slow', 'down'] as const;
const LONGEST_LATENCY = 60_000;
/** Seconds. */
const LARGEST_OFFSET = 3_600;

const match = z
  .string({ error: 'has to be a text. Give an operation, a quota category or "*".' })
  .refine(
    (name) =>
      name === ANY || QUOTA_CATEGORIES.includes(name) || quotaCategoryOf(name) !== undefined,
    {
      error: ({ input }) =>
        `has no operation and no quota category of the name ${JSON.stringify(input)}. Give an operation such as AdminGetUser, "*" for all, or one of ${QUOTA_CATEGORIES.join(', ')}.`,
    },
  );

const wholeNumber = (least: number, most: number, example: number) => {
  const error = `has to be a whole number from ${least} to ${most}. Give one, such as ${example}.`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const operationFault = z
  .strictObject(
    {
      /** The name of an operation, a quota category, or `*`. */
      match,
      fault: z.enum(FAULTS, { error: `has to be one of ${FAULTS.join(', ')}. Give one of them.` }),
      /** Of `latency` alone. */
      milliseconds: wholeNumber(1, LONGEST_LATENCY, 500).optional(),
      /** How often it strikes; until it is cleared where absent. */
      times: wholeNumber(1, 1_000_000, 3).optional(),
    },
    objectSuchAs('{"match":"UserRead","fault":"throttling"}'),
  )
  .superRefine(({ fault, milliseconds }, { addIssue }) => {
    const refuse = (message: string) =>
      addIssue({ code: 'custom', path: ['milliseconds'], message });
    if (fault === 'latency' && milliseconds === undefined)
      refuse('is needed for latency. Give one, such as 500.');
    if (fault !== 'latency' && milliseconds !== undefined)
      refuse(`is for latency alone, not for ${fault}. Leave it out.`);
  });

/** The switches as the API of the local pool takes and gives them. */
export const faultSettings = z.strictObject(
  {
    operations: z
      .array(operationFault, { error: 'has to be a list. Give [] for none.' })
      .max(100, { error: 'has more than 100 entries. Give fewer.' })
      .default([]),
    jwks: z
      .enum(JWKS_FAULTS, { error: `has to be one of ${JWKS_FAULTS.join(', ')}. Give one of them.` })
      .default('ok'),
    /** Seconds by which the pool's clock is ahead; 0 where absent. */
    clockAhead: wholeNumber(-LARGEST_OFFSET, LARGEST_OFFSET, 30).optional(),
  },
  objectSuchAs('{"operations":[],"jwks":"ok"}'),
);

export type OperationFault = Readonly<z.infer<typeof operationFault>>;

export interface FaultSettings {
  readonly operations: readonly OperationFault[];
  readonly jwks: (typeof JWKS_FAULTS)[number];
  readonly clockAhead?: number | undefined;
}

/** Whether a switch is about an operation. */
export function applies({ match }: Pick<OperationFault, 'match'>, operation: string): boolean {
  return match === ANY || match === operation || match === quotaCategoryOf(operation);
}
