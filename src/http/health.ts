import type { Logger } from 'pino';

export interface HealthOptions {
  /** Settles once the database has answered. */
  readonly database: () => Promise<unknown>;
  readonly migrationsApplied: () => boolean | Promise<boolean>;
  /** Told, yet no reason to be taken out: a remembered or cached key goes on serving. */
  readonly jwks: () => 'loaded' | 'not loaded';
  readonly log: Logger;
}

export interface Readiness {
  readonly status: 'ready' | 'not ready' | 'draining';
  readonly checks: Readonly<Record<'database' | 'migrations' | 'jwks', string>>;
}

export interface Health {
  /** Never rejects; answers within about a second. */
  readiness(): Promise<Readiness>;
  /** From now on not ready, so that a load balancer sends new requests elsewhere. */
  drain(): void;
  readonly draining: boolean;
}

/** Milliseconds. */
const DEADLINE = 1000;

/** Whether this process should get requests. Why not is for the log, not for strangers. */
export function createHealth({ database, migrationsApplied, jwks, log }: HealthOptions): Health {
  const databaseCheck = check('database', database, log);
  const migrationCheck = check(
    'migrations',
    async () => {
      if (!(await migrationsApplied())) throw new Error('migrations are missing');
    },
    log,
  );
  let draining = false;

  return {
    async readiness() {
      const [databaseOk, migrationsOk] = await Promise.all([databaseCheck(), migrationCheck()]);
      const serving = databaseOk && migrationsOk ? 'ready' : 'not ready';
      return {
        status: draining ? 'draining' : serving,
        checks: { database: said(databaseOk), migrations: said(migrationsOk), jwks: jwks() },
      };
    },
    drain() {
      draining = true;
    },
    get draining() {
      return draining;
    },
  };
}

function said(ok: boolean): string {
  return ok ? 'ok' : 'failing';
}

/** Probes that come while a check hangs wait on the same one, instead of queueing more of them. */
function check(name: string, run: () => Promise<unknown>, log: Logger): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  return async () => {
    running ??= Promise.resolve()
      .then(run)
      .then(
        () => true,
        (error: unknown) => {
          log.warn({ err: error, check: name }, 'a readiness check failed');
          return false;
        },
      )
      .finally(() => {
        running = undefined;
      });
    return withinDeadline(running);
  };
}

async function withinDeadline(running: Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, DEADLINE, false);
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}
