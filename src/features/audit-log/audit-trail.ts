import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { type Actor, type Asked, actorOf } from './actor.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent, AuditOutcome } from './audit-event.entity.js';

export interface AuditedAction {
  /** The mutation's name. */
  readonly action: string;
  readonly targetId?: string | null;
  /** As `pool/group`. */
  readonly targetGroup?: string | null;
  /** Why the actor did it, in the actor's words. */
  readonly reason: string;
}

/** Attributes by name, of before and after. */
export interface AuditedChange {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** Writes the events of one action; the outcome goes into the transaction that it is the outcome of. */
export class AuditTrail {
  readonly actionId: string;
  readonly #actor: Actor;
  readonly #action: AuditedAction;

  constructor(context: Asked | { readonly actor: Actor }, action: AuditedAction, actionId = v7()) {
    this.actionId = actionId;
    this.#actor = 'actor' in context ? context.actor : actorOf(context);
    this.#action = action;
  }

  /** To be flushed before anything is done. */
  intend(em: EntityManager, change?: AuditedChange): void {
    this.#write(em, AuditOutcome.INTENT, null, change);
  }

  done(em: EntityManager): void {
    this.#write(em, AuditOutcome.DONE, null);
  }

  /** @param code the error's code, or INTERNAL_SERVER_ERROR. */
  failed(em: EntityManager, code: string): void {
    this.#write(em, AuditOutcome.FAILED, code);
  }

  /** @param code the code or, where it says more, the reason of the refusal. */
  refused(em: EntityManager, code: string): void {
    this.#write(em, AuditOutcome.REFUSED, code);
  }

  #write(
    em: EntityManager,
    outcome: AuditOutcome,
    code: string | null,
    change?: AuditedChange,
  ): void {
    const { kind, userId, clientId, requestId, network, operator } = this.#actor;
    const { action, targetId = null, targetGroup = null, reason } = this.#action;
    const event = em.create(AuditEvent, {
      actionId: this.actionId,
      action,
      outcome,
      code,
      actorKind: kind,
      actorId: userId,
      actorClientId: clientId,
      targetId,
      targetGroup,
      requestId,
    });
    const isFirst = outcome === AuditOutcome.INTENT || outcome === AuditOutcome.REFUSED;
    const hasDetail = reason !== '' || network !== null || operator !== null;
    if (!isFirst || !hasDetail) return;
    const { before = null, after = null } = change ?? {};
    em.create(AuditDetail, { event, reason, network, operator, before, after });
  }
}
