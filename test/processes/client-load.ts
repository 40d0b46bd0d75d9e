import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, until } from '../support/process.js';

/** An answer, or a connection that broke before there was one. */
export interface Outcome {
  /** Milliseconds, by `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0 where none came. */
  readonly status: number;
  readonly retryAfter: string | null;
  /** Of the first error. */
  readonly code: string | undefined;
  readonly text: string;
}

export interface Load {
  readonly outcomes: readonly Outcome[];
  /** Resolves once that many requests sent from now on are answered so. */
  until(isWanted: (outcome: Outcome) => boolean, times?: number): Promise<readonly Outcome[]>;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly query: string;
  readonly token: string;
  readonly clients: number;
  /** Milliseconds between the requests of one client. */
  readonly pause?: number;
}

const PAUSE = 20;

export const isGood = ({ status }: Outcome) => status === 200;

/** Clients that ask one thing each after the other's answer, again and again. */
export function startLoad(
  server: RunningServer,
  { query, token, clients, pause = PAUSE }: LoadOptions,
): Load {
  const outcomes: Outcome[] = [];
  let isStopped = false;

  async function ask(): Promise<void> {
    const sentAt = performance.now();
    const answer = await server.ask(query, token).catch((error: unknown) => ({
      status: 0,
      headers: new Headers(),
      errors: [],
      text: String(error instanceof Error ? (error.cause ?? error) : error),
    }));
    const { status, headers, errors, text } = answer;
    outcomes.push({
      sentAt,
      answeredAt: performance.now(),
      status,
      retryAfter: headers.get('retry-after'),
      code: errors?.[0]?.extensions?.code,
      text,
    });
  }

  const asking = Array.from({ length: clients }, async () => {
    while (!isStopped) {
      await ask();
      await sleep(pause);
    }
  });
  return {
    outcomes,
    until: (isWanted, times = 1) => {
      const from = performance.now();
      return until(() => {
        const found = outcomes.filter((one) => one.sentAt >= from && isWanted(one));
        return found.length >= times ? found : undefined;
      });
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(asking);
    },
  };
}
