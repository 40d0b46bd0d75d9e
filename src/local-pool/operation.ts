import type { z } from 'zod';
import type { AccountStore } from './account-store.js';
import { invalidParameter } from './errors.js';
import type { GroupStore } from './group-store.js';
import type { PoolStore } from './pool-store.js';
import type { TokenIssuer } from './token-issuer.js';

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
  readonly tokens: TokenIssuer;
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
    run: (given, stores) => {
      const parsed = input.safeParse(given);
      if (parsed.success) return run(parsed.data, stores);
      const [issue] = parsed.error.issues;
      const at = issue?.path.join('.') ?? '';
      throw invalidParameter(
        `1 validation error detected: Value at '${at}' failed to satisfy constraint: ${issue?.message ?? ''}`,
      );
    },
  };
}
