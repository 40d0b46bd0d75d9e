import type { Feature } from '../../request/feature.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditLogResolver } from './audit-log.resolver.js';

export { type AuditedAction, AuditTrail } from './audit-trail.js';

export const auditLog: Feature = {
  resolvers: [AuditLogResolver],
  entities: [AuditEvent, AuditDetail],
};
