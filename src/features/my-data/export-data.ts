import { IsolationLevel } from '@mikro-orm/core';
import { personOf } from '../../auth/viewer.js';
import { withoutRowRules } from '../../database/row-view.js';
import { sightingsOf } from '../../directory/index.js';
import { LifeguardError } from '../../errors.js';
import type { Context } from '../../request/context.js';
import { AuditTrail } from '../audit-log/index.js';
import { readCatalogue } from './catalogue.js';
import { claimExport } from './claim-export.js';
import { type GoingOn, opened, sealed } from './export-position.js';
import { holdingsOf } from './ownership.js';
import { type ReadAccount, readAccounts } from './read-accounts.js';
import { type Bounds, type Part, type Position, readPart } from './read-part.js';

/** Of the document; raised when something in it changes its place or meaning, not when something is added. */
const FORMAT_VERSION = 1;

const BOUNDS: Bounds = { rows: 5_000, bytes: 4_000_000 };

export interface ExportedPart {
  readonly data: object;
  /** Undefined with the last part. */
  readonly next: string | undefined;
}

/**
 * Everything that is held on the viewer, or as much of it as a part holds. The trail tells of it once.
 * @throws ExportLimitError, ExportPositionError
 */
export async function exportData(
  context: Context,
  after: string | null | undefined,
): Promise<ExportedPart> {
  const { userId } = personOf(context.viewer);
  if (after == null) return beginning(context, userId);
  const known = opened(context.app, userId, after);
  return partOf(context, known, await read(context, userId, known.position));
}

async function beginning(context: Context, userId: string): Promise<ExportedPart> {
  const { app } = context;
  const action = { action: 'exportMyData', targetId: userId, reason: '' };
  const audit = new AuditTrail(context, action);
  await claimExport(context, userId, audit);
  try {
    const accounts = await readAccounts(context, userId);
    // This sign-in may not be noted yet.
    await sightingsOf(app).flush();
    const startedAt = new Date().toISOString();
    const part = await read(context, userId, undefined, audit);
    return partOf(context, { startedAt, part: 1 }, part, accounts);
  } catch (error) {
    const code = error instanceof LifeguardError ? error.code : 'INTERNAL_SERVER_ERROR';
    await app.orm.em.fork().transactional(async (em) => audit.failed(em, code));
    throw error;
  }
}

/** All tables of a part as of one moment, in the time zone that the graph uses too. */
async function read(
  { app }: Context,
  userId: string,
  from: Position | undefined,
  audit?: AuditTrail,
): Promise<Part> {
  return app.orm.em.fork().transactional(
    async (em) => {
      await withoutRowRules(em, 'it sets the time zone').execute("set local time zone 'UTC'");
      const entities = [...em.getMetadata().getAll().values()];
      const { held } = holdingsOf(await readCatalogue(em), entities);
      const part = await readPart(em, userId, held, { from, bounds: BOUNDS });
      audit?.done(em);
      return part;
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  );
}

function partOf(
  { app, viewer }: Context,
  { startedAt, part }: Pick<GoingOn, 'startedAt' | 'part'>,
  { tables, next: position }: Part,
  accounts?: readonly ReadAccount[],
): ExportedPart {
  const { userId } = personOf(viewer);
  const data = {
    formatVersion: FORMAT_VERSION,
    exportedAt: startedAt,
    part,
    userId,
    ...(accounts && { accounts }),
    tables,
  };
  if (position === undefined) return { data, next: undefined };
  return { data, next: sealed(app, userId, { startedAt, part: part + 1, position }) };
}
