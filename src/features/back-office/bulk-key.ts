import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { withoutRowRules } from '../../database/row-view.js';
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
  await withoutRowRules(em, "commands are the server's own").execute(
    `insert into command (id, created_at, updated_at, action, state, aspect, actor_kind, actor_id,
                          actor_client_id, request_id, idempotency_key, input_hash, ended_at)
     values (?, now(), now(), ?, 'DONE', 'bulk', ?, ?, ?, ?, ?, ?, now())
     on conflict (idempotency_key) do nothing`,
    [
      v7(),
      name,
      actor.kind,
      actor.userId,
      actor.clientId,
      actor.requestId,
      idempotencyKey,
      inputHash,
    ],
  );
  const first = await em.findOneOrFail(Command, { idempotencyKey });
  if (first.inputHash !== inputHash) throw new OtherInputError();
}

/** A key for each item, so that what was cut off goes on where it was. */
export function itemKey(key: string, item: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([key, item]))
    .digest('base64url');
}
