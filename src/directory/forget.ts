import type { App } from '../request/app.js';
import { Identity } from './identity.entity.js';

/**
 * Lays a stone on accounts that their pool does not have any more: they are shown nowhere, and a token that
 * outlives one does not bring it back.
 */
export async function forget(app: App, identities: readonly Identity[]): Promise<void> {
  const ids = identities.map(({ id }) => id);
  const em = app.orm.em.fork();
  const gone = await em.nativeUpdate(
    Identity,
    { id: { $in: ids }, deletedAt: null },
    { deletedAt: new Date() },
  );
  if (gone > 0) app.log.info({ gone }, 'accounts are gone from the pool');
}
