import type { PoolUser, PoolUserStatus } from '../user-pool/user-pool.js';
import { storableText } from './plain-text.js';

/** What the pool said of an account, and when. */
export interface MirroredProfile {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: PoolUserStatus;
  readonly enabled: boolean;
  readonly poolCreatedAt: Date;
  readonly poolModifiedAt: Date;
  readonly attributesReadAt: Date;
  /** Null while they were never read. */
  readonly groups: readonly string[] | null;
  readonly groupsReadAt: Date | null;
}

/** A pool's answer as it is kept, with the moment at which the pool was asked: it is at least as new. */
export function mirrored(user: PoolUser, askedAt: Date): MirroredProfile {
  return {
    username: user.username,
    attributes: storable(user.attributes),
    status: user.status,
    enabled: user.enabled,
    poolCreatedAt: user.createdAt,
    poolModifiedAt: user.modifiedAt,
    attributesReadAt: askedAt,
    groups: null,
    groupsReadAt: null,
  };
}

function storable(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, storableText(value)]),
  );
}
