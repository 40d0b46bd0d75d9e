import { z } from 'zod';
import { BadUserInputError } from '../../errors.js';
import { cursorSealOf } from '../../graphql/pagination/index.js';
import type { App } from '../../request/app.js';
import { ExportPositionError } from './my-data.errors.js';

const goingOn = z.object({
  /** When the export began: it is counted once, whatever its parts. */
  startedAt: z.iso.datetime(),
  part: z.int(),
  position: z.object({ table: z.string(), after: z.array(z.string()).readonly().nullable() }),
});

/** How an export goes on. */
export type GoingOn = z.infer<typeof goingOn>;

/** Milliseconds for which an export can be gone on with. */
const LIFETIME = 60 * 60_000;

export function sealed(app: App, userId: string, next: GoingOn): string {
  return cursorSealOf(app).seal(JSON.stringify(next), belongsTo(userId));
}

/** @throws ExportPositionError for what was made up, is another person's, or too old */
export function opened(app: App, userId: string, after: string): GoingOn {
  const known = goingOn.parse(JSON.parse(open(app, userId, after)));
  if (Date.now() - Date.parse(known.startedAt) > LIFETIME) throw new ExportPositionError();
  return known;
}

function open(app: App, userId: string, after: string): string {
  try {
    return cursorSealOf(app).open(after, belongsTo(userId));
  } catch (error) {
    if (error instanceof BadUserInputError) throw new ExportPositionError();
    throw error;
  }
}

function belongsTo(userId: string): string {
  return `exportMyData ${userId}`;
}
