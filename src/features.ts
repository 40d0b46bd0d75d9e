import type { AnyEntity, EntityClass } from '@mikro-orm/core';
import { CallSlot } from './database/call-slot.entity.js';
import { ServerKey } from './database/server-key.entity.js';
import { directoryEntities } from './directory/index.js';
import { accountDeletion } from './features/account-deletion/index.js';
import { auditLog } from './features/audit-log/index.js';
import { backOffice } from './features/back-office/index.js';
import { myData } from './features/my-data/index.js';
import { myProfile } from './features/my-profile/index.js';
import { node } from './features/node/index.js';
import { server } from './features/server/index.js';
import { sessions } from './features/sessions/index.js';
import { userPools } from './features/user-pools/index.js';
import { users } from './features/users/index.js';
import { Job } from './jobs/index.js';
import type { Feature } from './request/feature.js';

/** Everything the server offers, one line a folder of `features/`. */
export const features: readonly Feature[] = [
  server,
  node,
  users,
  myProfile,
  userPools,
  backOffice,
  sessions,
  auditLog,
  accountDeletion,
  myData,
];

/** Every entity of a server with these features: its own, the directory's and theirs. */
export function entitiesOf(offered: readonly Feature[]): readonly EntityClass<AnyEntity>[] {
  const own = offered.flatMap((feature) => feature.entities ?? []);
  return [ServerKey, CallSlot, Job, ...directoryEntities, ...own];
}

export const entities = entitiesOf(features);
