import type { EntityManager } from '@mikro-orm/postgresql';
import type { CommandRequest } from './command-intent.js';
import { DELETE_MY_ACCOUNT } from './commands/removal.js';
import { expectNothingInTheWay } from './deletion-preview.js';
import { type Asking, withAnAdmin } from './requests.js';

export interface GivenOwnDeletion {
  /** Whose account it is. */
  readonly userId: string;
  readonly idempotencyKey: string;
  /** Settles within the transaction of the intent that it is to be done. */
  readonly begin: (em: EntityManager) => Promise<void>;
}

/**
 * The deletion of a person by their own wish, under the rules of `deleteUser`. Not for somebody with an account at
 * a pool alone: what is kept here goes too if the pool has lost them.
 */
export function ownDeletion(asking: Asking, given: GivenOwnDeletion): CommandRequest {
  const { userId: targetId, idempotencyKey, begin } = given;
  const admin = withAnAdmin(asking, { userId: targetId });
  return {
    ...admin,
    kind: DELETE_MY_ACCOUNT,
    actor: asking.actor,
    // Theirs, if they gave one, stands with the wish, and is erased with the rest.
    reason: '',
    idempotencyKey,
    targetId,
    aspect: `access ${targetId}`,
    input: {},
    admit: async (em) => {
      await begin(em);
      await expectNothingInTheWay(em, targetId);
      await admin.admit?.(em);
    },
  };
}
