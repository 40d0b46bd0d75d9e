import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from '../stage/lifeguard.js';
import { cpuSecondsOf, memoryOf } from '../stage/process-costs.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const LIFEGUARD = [...NODE_OPTIONS, MAIN];
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ME = JSON.stringify({ query: '{ me { id } }' });

/** One start: milliseconds from the process to the first answer, of all cores until then, megabytes. */
export interface Start {
  readonly firstAnswer: number;
  readonly cpu: number;
  readonly memory: number;
}

/** The least that a server in Node can be: what a start costs here before it is anybody's. */
export const BARE_SERVER = [
  '--eval',
  `require('node:http').createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1', function () {
     console.log('answers at http://127.0.0.1:' + this.address().port + '/graphql');
   })`,
];

export interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  /** Arguments of Node; those of Lifeguard, if absent. */
  readonly args?: readonly string[];
}

/** Starts a server, asks it who the viewer is as soon as it listens, and ends it. */
export async function measureStart({ environment, token, args = LIFEGUARD }: StartOptions) {
  const began = performance.now();
  const server = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    await me(await address(server), token);
    const firstAnswer = performance.now() - began;
    const { pid = 0 } = server;
    const [seconds, memory] = await Promise.all([cpuSecondsOf(pid), memoryOf(pid)]);
    return { firstAnswer, cpu: seconds * 1000, memory } satisfies Start;
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
