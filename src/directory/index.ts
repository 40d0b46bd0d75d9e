import { Identity } from './identity.entity.js';
import { PoolProfile } from './pool-profile.entity.js';
import { PoolSweep, SweepPhase } from './pool-sweep.entity.js';
import { Session } from './session.entity.js';
import { SweptMembership } from './swept-membership.entity.js';
import { User } from './user.entity.js';
import { ViewerChange } from './viewer-change.entity.js';
import { WebhookMessage } from './webhook-message.entity.js';

export { Account, AccountStatus, PoolAttribute } from './account.js';
export { accountsLoader, forgetLoaded, groupsLoader, profileOf } from './account-loader.js';
export { refreshAccount } from './account-refresh.js';
export { type DuplicateKey, duplicatesOf } from './duplicates.js';
export { followViewerChanges } from './follow-viewer-changes.js';
export { layStones } from './forget.js';
export { forgetSessionsJob, forgetSessionsKind } from './forget-sessions.js';
export { forgetUser } from './forget-user.js';
export { groupCheckOf } from './group-check.js';
export { mirrorOf, readGroups, readProfile } from './mirror.js';
export { shortenedAddress } from './network.js';
export { ownUser, poolInTime, refreshOwnAccount } from './own-account.js';
export { type PoolDriftFigures, poolDrift } from './pool-drift.js';
export { poolOf } from './pool-of.js';
export { writeGroups, writeProfiles } from './pool-profile-rows.js';
export { PROFILE_FIELDS, Profile } from './profile.js';
export { profileMemoryOf } from './profile-memory.js';
export { refreshAccountJob, refreshAccountKind } from './refresh-account-job.js';
export { refuseBefore } from './refuse-before.js';
export { folded, keyOf, NAME_ATTRIBUTES } from './search-text.js';
export { sightingsOf } from './sightings.js';
export { SWEEP, sweeperOf } from './sweeper.js';
export { takeHints } from './take-hints.js';
export { unlessAborted } from './unless-aborted.js';
export { userLoader } from './user-loader.js';
export { viewerChangesOf } from './viewer-changes.js';
export { viewerMemoryOf } from './viewer-memory.js';
export { viewersOf } from './viewers.js';
export { walkAges } from './walk-ages.js';
export { Identity, PoolProfile, PoolSweep, Session, SweepPhase, User };

export const directoryEntities = [
  User,
  Identity,
  PoolProfile,
  PoolSweep,
  SweptMembership,
  WebhookMessage,
  Session,
  ViewerChange,
];
