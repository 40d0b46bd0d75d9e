import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** The `/graphql` address; undefined where the process ended instead. */
  readonly url: string | undefined;
  /** Everything written so far, to both outputs. */
  output(): string;
  /** Sends a signal and answers with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server as a process of its own and waits until it answers, or has ended. */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const { promise: started, resolve } = Promise.withResolvers<string | undefined>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    const url = /answers at (http\S+)/.exec(output)?.[1];
    if (url !== undefined) resolve(url);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = once(child, 'close').then(() => resolve(undefined));
  const url = await started;
  return {
    child,
    url,
    output: () => output,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
