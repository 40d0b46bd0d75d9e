import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { UnauthenticatedError } from '../../errors.js';
import type { Context } from '../../request/context.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent, AuditOutcome } from './audit-event.entity.js';

export interface AuditedAction {
  /** The mutation's name. */
  readonly action: string;
  readonly targetId: string;
  /** Why the actor did it, in the actor's words. */
  readonly reason: string;
}

/** Writes the events of one action; the outcome goes into the transaction that it is the outcome of. */
export class AuditTrail {
  readonly #common: Pick<
    AuditEvent,
    'actionId' | 'action' | 'actorId' | 'actorClientId' | 'targetId' | 'requestId'
  >;
  readonly #reason: string;

  constructor({ viewer, requestId }: Context, { action, targetId, reason }: AuditedAction) {
    if (viewer.kind === 'anonymous') throw new UnauthenticatedError('Sign in to do this.');
    this.#reason = reason;
    this.#common = {
      actionId: v7(),
      action,
      targetId,
      requestId,
      actorId: viewer.kind === 'person' ? viewer.userId : null,
      actorClientId: viewer.token.clientId,
    };
  }

  /** To be flushed before anything is done. */
  intend(em: EntityManager): void {
    const event = em.create(AuditEvent, { ...this.#common, outcome: AuditOutcome.INTENT });
    em.create(AuditDetail, { event, reason: this.#reason });
  }

  done(em: EntityManager): void {
    em.create(AuditEvent, { ...this.#common, outcome: AuditOutcome.DONE });
  }

  /** @param code the error's code, or INTERNAL_SERVER_ERROR. */
  failed(em: EntityManager, code: string): void {
    em.create(AuditEvent, { ...this.#common, outcome: AuditOutcome.FAILED, code });
  }
}
