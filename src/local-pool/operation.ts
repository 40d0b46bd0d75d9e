import { z } from 'zod';
import type { AccountStore } from './account-store.js';
import { constraintError } from './constraint.js';
import type { GroupStore } from './group-store.js';
import type { PoolStore } from './pool-store.js';
import type { SignInStore } from './sign-in-store.js';
import type { TokenIssuer } from './token-issuer.js';

/** As pino has it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What operations work with. */
export interface Stores {
  readonly pools: PoolStore;
  readonly accounts: AccountStore;
  readonly groups: GroupStore;
  readonly signIns: SignInStore;
  readonly tokens: TokenIssuer;
  readonly log: Log;
  /** Takes what Cognito would send by e-mail or text message. */
  readonly deliver: (message: string) => void;
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

/** UsernameType, GroupNameType: no white space. */
export const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u);

export const ofPool = z.object({ UserPoolId: z.string() });
export const ofUser = ofPool.extend({ Username: name });
