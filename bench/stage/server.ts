import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onAllCores, onServerCore } from './cores.js';

export interface ServerProgram {
  readonly name: string;
  /** What Node is given: options, the file and its arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly folder: string;
  /** That of the server alone, if absent. */
  readonly cores?: 'one' | 'all';
}

/** A server that is measured: a process of its own on a core of its own. */
export interface Server {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Milliseconds for a server to come up, or to go. */
const PATIENCE = 60_000;

export async function startServer(program: ServerProgram): Promise<Server> {
  const { name, args, environment, folder, cores = 'one' } = program;
  const output = join(folder, `${name.replaceAll(/\W+/g, '-')}.log`);
  const file = openSync(output, 'w');
  const [command = '', ...rest] = (cores === 'one' ? onServerCore : onAllCores)([
    process.execPath,
    ...args,
  ]);
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment, PORT: '0' },
    stdio: ['ignore', file, file],
  });
  try {
    const url = await whereItAnswers(output, child);
    return { name, pid: child.pid ?? 0, url, stop: () => stopped(child) };
  } catch {
    child.kill('SIGKILL');
    throw new Error(`${name} did not start:\n${readFileSync(output, 'utf8').slice(-2_000)}`);
  }
}

/** What each server says when it listens. */
async function whereItAnswers(output: string, child: ChildProcess): Promise<string> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const url = /answers at (http\S+)/.exec(readFileSync(output, 'utf8'))?.[1];
    if (url !== undefined) return url;
    if (child.exitCode !== null) break;
  }
  throw new Error('Waited in vain.');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(late);
}
