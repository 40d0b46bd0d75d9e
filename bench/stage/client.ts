import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { fromRoot } from './root.js';

export interface Load {
  readonly body: string;
  readonly connections: number;
  readonly tokens: readonly string[];
}

/** A load of so many requests to one server. */
export interface AskedLoad extends Load {
  readonly url: string;
  readonly requests: number;
}

const answered = z.object({
  answers: z.number(),
  faults: z.number(),
  seconds: z.number(),
  p50: z.number(),
  p99: z.number(),
});

/** What the client saw; latencies in milliseconds. */
export type Answered = z.infer<typeof answered>;

/** The process that asks; one for all servers, so that it is compiled alike for all. */
export interface Client {
  ask(load: AskedLoad): Promise<Answered>;
  close(): void;
}

export function startClient(): Client {
  const child = spawn(process.execPath, [fromRoot('bench/load/main.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    ask: async (load) => {
      child.stdin.write(`${JSON.stringify(load)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('The client ended: see above.');
      return answered.parse(JSON.parse(value));
    },
    close: () => child.stdin.end(),
  };
}
