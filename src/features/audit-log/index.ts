import type { Feature } from '../../request/feature.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditLogResolver } from './audit-log.resolver.js';

export { secondsUntilAgain } from './actions-of-the-day.js';
export { type Actor, actorOf, operatorOf, SERVER_ACTOR } from './actor.js';
export { type AuditedAction, type AuditedChange, AuditTrail } from './audit-trail.js';
export { eraseDetailsOf } from './erase-details.js';
export { reasonIn } from './reason.js';
export { hasRoom, noteRefusedAttempt, refusedAttempts } from './refused-attempts.js';

export const auditLog: Feature = {
  resolvers: [AuditLogResolver],
  entities: [AuditEvent, AuditDetail],
};
