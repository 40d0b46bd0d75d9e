import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, until } from '../support/process.js';

/** An answer, or a connection that broke before there was one. */
export interface Outcome {
  /** Milliseconds, by `performance.now()`. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0 where none came. */
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Of the first error. */
  readonly code: string | undefined;
  readonly text: string;
  /** Whether its connection had brought an answer before. */
  readonly isReused: boolean;
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
  /** Of each request anew. */
  readonly variables?: () => object;
  readonly token: string;
  readonly clients: number;
  /** Milliseconds between the requests of one client. */
  readonly pause?: number;
}

const PAUSE = 20;

export const isGood = ({ status }: Outcome) => status === 200;

/** Clients that ask one thing each after the other's answer, again and again, each on a connection of its own. */
export function startLoad(
  server: RunningServer,
  { query, variables = () => ({}), token, clients, pause = PAUSE }: LoadOptions,
): Load {
  const outcomes: Outcome[] = [];
  let isStopped = false;

  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };

  async function answer(agent: Agent) {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const url = `${server.origin}/graphql`;
    const sent = request(url, { method: 'POST', agent, headers }, resolve).once('error', reject);
    sent.end(JSON.stringify({ query, variables: variables() }));
    try {
      const response = await promise;
      const { statusCode: status = 0, headers: head } = response;
      const retryAfter = head['retry-after'];
      return { status, retryAfter, text: await text(response), isReused: sent.reusedSocket };
    } catch (error) {
      return { status: 0, retryAfter: undefined, text: String(error), isReused: sent.reusedSocket };
    }
  }

  async function ask(agent: Agent): Promise<void> {
    const sentAt = performance.now();
    const answered = await answer(agent);
    const code = answered.status === 0 ? undefined : codeOf(answered.text);
    outcomes.push({ ...answered, sentAt, answeredAt: performance.now(), code });
  }

  const asking = Array.from({ length: clients }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isStopped) {
      await ask(agent);
      await sleep(pause);
    }
    agent.destroy();
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

/** Of the first error. */
function codeOf(answer: string): string | undefined {
  return JSON.parse(answer).errors?.[0]?.extensions?.code;
}
