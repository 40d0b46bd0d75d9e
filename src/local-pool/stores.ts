import { AccountStore } from './accounts/account-store.js';
import type { Log } from './log.js';
import { Messages } from './messages.js';
import type { Stores } from './operation.js';
import { GroupStore } from './pools/group-store.js';
import { PoolStore } from './pools/pool-store.js';
import { ResourceServerStore } from './pools/resource-server-store.js';
import type { Sql } from './sql.js';
import { ChallengeStore } from './tokens/challenge-store.js';
import type { Installation } from './tokens/installation.js';
import { SignInStore } from './tokens/sign-in-store.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { type TriggerSet, Triggers } from './triggers.js';

export interface StoresParts {
  readonly sql: Sql;
  readonly installation: Installation;
  readonly log: Log;
  readonly triggers: TriggerSet;
  /** Takes a line for each message. */
  readonly deliver: (line: string) => void;
  /** Known once the port is. */
  readonly endpoint: () => string;
  /** What the pool's clock shows; that of the machine by default. */
  readonly clock?: () => Date;
}

/** What operations work with, on one database. */
export function createStores({ sql, installation, log, deliver, ...parts }: StoresParts): Stores {
  const pools = new PoolStore(sql);
  const accounts = new AccountStore(sql);
  const groups = new GroupStore(sql);
  const signIns = new SignInStore(sql);
  const triggers = new Triggers(parts.triggers, log);
  const { endpoint, clock = () => new Date() } = parts;
  return {
    pools,
    accounts,
    groups,
    signIns,
    tokens: new TokenIssuer({
      installation,
      pools,
      accounts,
      groups,
      signIns,
      triggers,
      endpoint,
      clock,
    }),
    challenges: new ChallengeStore(sql),
    resourceServers: new ResourceServerStore(sql),
    triggers,
    messages: new Messages(deliver),
    log,
  };
}
