import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/process.js';

export interface Place {
  /** Where it stands. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For what it is given to do; not in the folder. */
  readonly scripts: string;
}

const DONE = 'terminal: done';

/** Milliseconds for a command; a busy machine takes its time. */
const PATIENCE = 600_000;

/** A shell that a reader types into: what one command sets is there for the next. */
export class Terminal {
  readonly #place: Place;
  #shell: ChildProcess | undefined;
  #output = '';
  #typed = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  get output(): string {
    return this.#output;
  }

  /** Waits for the end, and answers with what was written. @throws Error where a command fails */
  async run(commands: string): Promise<string> {
    this.#shell ??= this.#spawn();
    const shell = this.#shell;
    this.#output = '';
    const script = join(this.#place.scripts, `${++this.#typed}.sh`);
    await writeFile(script, commands);
    // Nothing it runs may read what is meant for the shell.
    shell.stdin?.write(`. ${script} </dev/null\necho '${DONE}'\n`);
    const ended = await until(() => {
      if (this.#output.endsWith(`${DONE}\n`)) return 'well';
      return shell.exitCode === null ? undefined : 'badly';
    }, PATIENCE);
    if (ended === 'badly') {
      this.#shell = undefined;
      throw new Error(`It failed:\n${this.#output}`);
    }
    return this.#output.slice(0, -DONE.length - 1);
  }

  /** Begins what goes on until Ctrl-C. */
  async begin(commands: string): Promise<void> {
    await this.interrupt();
    this.#output = '';
    this.#shell = this.#spawn();
    this.#shell.stdin?.end(commands);
  }

  /** Waits for that to be written. @throws Error where it ends instead */
  async says(pattern: RegExp): Promise<void> {
    const shell = this.#shell;
    const said = await until(() => {
      if (pattern.test(this.#output)) return true;
      return shell?.exitCode == null ? undefined : false;
    }, PATIENCE).catch(() => false);
    if (!said) throw new Error(`It does not say ${pattern}, but:\n${this.#output}`);
  }

  /** Ctrl-C: all that runs there is told, as by a terminal. */
  async interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const shell = this.#shell;
    this.#shell = undefined;
    if (shell?.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    const closed = once(shell, 'close');
    process.kill(-shell.pid, signal);
    await closed;
  }

  #spawn(): ChildProcess {
    const { folder, environment } = this.#place;
    const shell = spawn('sh', ['-e'], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own, as each command of a terminal has.
      detached: true,
    });
    for (const stream of [shell.stdout, shell.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk;
      });
    return shell;
  }
}
