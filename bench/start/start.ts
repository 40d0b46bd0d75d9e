import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ME = JSON.stringify({ query: '{ me { id } }' });

/** Linux counts the time of processes in hundredths of a second (`man 5 proc_pid_stat`). */
const TICK = 10;

/** One start: milliseconds from the process to the first answer, of all cores until then, megabytes. */
export interface Start {
  readonly firstAnswer: number;
  readonly cpu: number;
  readonly memory: number;
}

export interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  /** Arguments of Node. */
  readonly flags?: readonly string[];
}

/** Starts a server, asks it who the viewer is as soon as it listens, and ends it. */
export async function measureStart({ environment, token, flags = [] }: StartOptions) {
  const began = performance.now();
  const server = spawn(process.execPath, ['--max-semi-space-size=16', ...flags, MAIN], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    await me(await address(server), token);
    const firstAnswer = performance.now() - began;
    return { firstAnswer, ...(await costOf(server.pid)) } satisfies Start;
  } finally {
    server.kill('SIGTERM');
    await exited;
  }
}

/** @throws Error where it ends without having listened. */
async function address({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += chunk;
    const found = /answers at (http\S+)\/graphql/.exec(text)?.[1];
    // Leaving the loop ends the stream, which nobody needs any more.
    if (found !== undefined) return found;
  }
  throw new Error(`The server did not start:\n${text}`);
}

/** @throws Error where the answer is not that person. */
async function me(origin: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = request(`${origin}/graphql`, { method: 'POST', headers, agent: false }).end(ME);
  const [response] = await once(sent, 'response');
  const text = (await response.setEncoding('utf8').toArray()).join('');
  if (response.statusCode !== 200) throw new Error(`The first answer was ${text}`);
}

async function costOf(pid: number | undefined) {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
  );
  // The name of the process, in parentheses, may have blanks.
  const [user, system] = stat?.replace(/^.*\)/, '').trim().split(' ').slice(11, 13) ?? [];
  return {
    cpu: (Number(user) + Number(system)) * TICK,
    memory: Number(/VmRSS:\s+(\d+)/.exec(status ?? '')?.[1]) / 1024,
  };
}
