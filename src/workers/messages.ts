import { z } from 'zod';

// What the processes of a server tell each other, besides what `node:cluster` and the metrics do.

/** From a worker: it answers. */
export const ready = z.object({
  kind: z.literal('ready'),
  api: z.string(),
  localPool: z.string().optional(),
});
export type Ready = z.output<typeof ready>;

/** To a worker: it is to answer what is under way, and end. */
export const END = 'end';
