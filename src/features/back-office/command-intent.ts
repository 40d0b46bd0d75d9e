import { createHmac, hkdfSync } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';
import { LifeguardError } from '../../errors.js';
import type { App } from '../../request/app.js';
import { type Actor, type AuditedChange, AuditTrail } from '../audit-log/index.js';
import { Command } from './command.entity.js';
import { COMMAND_JOB, RECOVERY_DELAY } from './command-job-name.js';
import type { AnyCommandKind } from './command-kind.js';

/** What is asked for, checked for everything that the pool and the database are not needed for. */
export interface CommandRequest {
  readonly kind: AnyCommandKind;
  readonly actor: Actor;
  readonly reason: string;
  readonly targetId?: string;
  /** As `pool/group`. */
  readonly targetGroup?: string;
  readonly aspect: string;
  /** What the kind reads. */
  readonly input: object;
  /** The names by which the client knows the parts of it that the pool may not like. */
  readonly inputNames?: readonly string[];
  readonly change?: AuditedChange;
  readonly idempotencyKey?: string | undefined;
  /** What has to be the same under the same key, where that is more than all of the above. */
  readonly hashed?: object;
  /** Refuses what must not be. Outside of any transaction: may ask the pool. */
  readonly check?: () => Promise<void>;
  /** Refuses what must not be, within the transaction of the intent. */
  readonly admit?: (em: EntityManager) => Promise<void>;
}

/** The key as it is kept: of one viewer and action, and not to be read. */
export function keyOf(app: App, { kind, actor, idempotencyKey }: CommandRequest): string | null {
  return idempotencyKey === undefined ? null : keptKey(app, actor, kind.action, idempotencyKey);
}

export function keptKey(app: App, actor: Actor, action: string, key: string): string {
  const { userId, clientId, operator } = actor;
  return digest(app, ['key', actor.kind, userId ?? clientId ?? operator, action, key]);
}

export function inputHashOf(app: App, request: CommandRequest): string {
  const { targetId, targetGroup, input, reason, hashed } = request;
  return digest(app, ['input', targetId, targetGroup, reason, hashed ?? input]);
}

export function digest({ cursorKey }: App, parts: readonly unknown[]): string {
  const key = Buffer.from(hkdfSync('sha256', cursorKey, '', 'lifeguard commands', 32));
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Writes down what is going to be done, the trail of it, and the job that goes on with it should this process
 * end: all or none. Undefined where the key was taken meanwhile.
 * @throws LifeguardError what the rules of the request refuse, of which the trail tells too
 */
export async function intend(app: App, request: CommandRequest): Promise<Command | undefined> {
  try {
    await request.check?.();
    return await app.orm.em.fork().transactional(async (em) => {
      await forgetOldKey(em, keyOf(app, request));
      await request.admit?.(em);
      const command = commandOf(em, app, request);
      trailOf(request, command.id).intend(em, request.change);
      await em.flush();
      await app.jobs.addWithin(em, [
        { kind: COMMAND_JOB, key: command.id, payload: command.id, delay: RECOVERY_DELAY },
      ]);
      return command;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return undefined;
    await noteRefusal(app, request, error);
    throw error;
  }
}

function commandOf(em: EntityManager, app: App, request: CommandRequest): Command {
  const { kind, actor, targetId = null, targetGroup = null, aspect, input } = request;
  return em.create(Command, {
    action: kind.action,
    aspect,
    actorKind: actor.kind,
    actorId: actor.userId,
    actorClientId: actor.clientId,
    requestId: actor.requestId,
    targetId,
    targetGroup,
    input: kind.isSecret ? null : input,
    idempotencyKey: keyOf(app, request),
    inputHash: inputHashOf(app, request),
  });
}

export async function forgetOldKey(em: EntityManager, key: string | null): Promise<void> {
  if (key === null) return;
  await withoutRowRules(em, "commands are the server's own").execute(
    `update command set idempotency_key = null
     where idempotency_key = ? and created_at < now() - interval '24 hours'`,
    [key],
  );
}

async function noteRefusal(app: App, request: CommandRequest, error: unknown): Promise<void> {
  if (!(error instanceof LifeguardError) || error.code === 'UNAVAILABLE') return;
  await app.orm.em.fork().transactional(async (em) => {
    trailOf(request).refused(em, error.reason ?? error.code);
  });
}

function trailOf(request: CommandRequest, actionId?: string): AuditTrail {
  const { kind, actor, reason, targetId, targetGroup } = request;
  return new AuditTrail(
    { actor },
    { action: kind.action, targetId: targetId ?? null, targetGroup: targetGroup ?? null, reason },
    actionId,
  );
}
