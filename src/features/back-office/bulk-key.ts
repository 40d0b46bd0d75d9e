import type { App } from '../../request/app.js';
import type { Actor } from '../audit-log/index.js';
import { OtherInputError } from './back-office.errors.js';
import { Command } from './command.entity.js';
import { digest, forgetOldKey, keptKey } from './command-intent.js';

/**
 * Keeps the key of a bulk action beside those of its items, so that no other list is begun under it.
 * @throws OtherInputError
 */
export async function claimBulkKey(
  app: App,
  { name, actor, key, asked }: { name: string; actor: Actor; key: string; asked: object },
): Promise<void> {
  const idempotencyKey = keptKey(app, actor, name, key);
  const inputHash = digest(app, ['bulk', asked]);
  const em = app.orm.em.fork();
  await forgetOldKey(em, idempotencyKey);
  const claim = {
    action: name,
    state: 'DONE' as const,
    aspect: `bulk ${name}`,
    actorKind: actor.kind,
    actorId: actor.userId,
    actorClientId: actor.clientId,
    requestId: actor.requestId,
    idempotencyKey,
    inputHash,
    endedAt: new Date(),
  };
  await em.upsert(Command, em.create(Command, claim, { persist: false }), {
    onConflictFields: ['idempotencyKey'],
    onConflictAction: 'ignore',
  });
  const first = await em.fork().findOneOrFail(Command, { idempotencyKey });
  if (first.inputHash !== inputHash) throw new OtherInputError();
}
