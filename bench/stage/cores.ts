import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

/** The core of the server that is measured: it has it alone, as long as nobody else is on the machine. */
const SERVER = '0';

/** Those of the machine, looked at before this process leaves one of them. */
export const CORES = availableParallelism();

/** Whether processes can be kept to cores here (Linux, util-linux). */
let pins = false;

/** Keeps this process, and whatever it starts from here on, off the core of the server. */
export async function leaveServerItsCore(): Promise<void> {
  const last = CORES - 1;
  if (last < 1) return;
  const others = last === 1 ? '1' : `1-${last}`;
  try {
    await promisify(execFile)('taskset', ['-a', '-c', '-p', others, String(process.pid)]);
    pins = true;
  } catch {
    process.stderr.write('There is no taskset: the server and its client share the cores.\n');
  }
}

/** A command line that runs on the core of the server alone. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return pins ? ['taskset', '-c', SERVER, ...command] : command;
}

/** A command line that may run on every core. */
export function onAllCores(command: readonly string[]): readonly string[] {
  return pins ? ['taskset', '-c', `0-${CORES - 1}`, ...command] : command;
}

/** How the cores were shared out, for the page of results. */
export function coresAsText(): string {
  return pins
    ? 'the server has a core of its own; its client and PostgreSQL have the rest'
    : 'the server, its client and PostgreSQL share the cores';
}
