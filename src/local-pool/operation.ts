import { z } from 'zod';
import type { AccountStore } from './accounts/account-store.js';
import { constraintError } from './constraint.js';
import type { Log } from './log.js';
import type { Messages } from './messages.js';
import type { GroupStore } from './pools/group-store.js';
import type { PoolStore } from './pools/pool-store.js';
import type { ResourceServerStore } from './pools/resource-server-store.js';
import type { ChallengeStore } from './tokens/challenge-store.js';
import type { SignInStore } from './tokens/sign-in-store.js';
import type { TokenIssuer } from './tokens/token-issuer.js';
import type { Triggers } from './triggers.js';

/** What operations work with. */
export interface Stores {
  readonly pools: PoolStore;
  readonly accounts: AccountStore;
  readonly groups: GroupStore;
  readonly signIns: SignInStore;
  readonly tokens: TokenIssuer;
  readonly challenges: ChallengeStore;
  readonly resourceServers: ResourceServerStore;
  readonly triggers: Triggers;
  readonly messages: Messages;
  readonly log: Log;
}

export interface Operation {
  /** Whether the caller signs with AWS credentials; the others show a token or nothing. */
  readonly signed: boolean;
  readonly run: (input: unknown, stores: Stores) => Promise<object>;
}

/** An operation of the API: its input's shape, and what it does. */
export function operation<Input>(
  access: 'signed' | 'public',
  input: z.ZodType<Input>,
  run: (input: Input, stores: Stores) => Promise<object>,
): Operation {
  return {
    signed: access === 'signed',
    run: async (given, stores) => {
      const parsed = input.safeParse(given, { reportInput: true });
      if (!parsed.success) throw constraintError(parsed.error.issues);
      return run(parsed.data, stores);
    },
  };
}

/** What the caller passes on to triggers. */
export const clientMetadata = z.record(z.string(), z.string()).optional();
export type ClientMetadata = z.infer<typeof clientMetadata>;

/** UsernameType, GroupNameType: no white space. */
export const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u);

export const ofPool = z.object({ UserPoolId: z.string() });
export const ofUser = ofPool.extend({ Username: name });

/** What triggers are told where the caller is an administrator ("Client ID" of an event's callerContext). */
export const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE';
