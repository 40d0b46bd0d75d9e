import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { createServer } from '../app.js';
import { readConfig } from '../config.js';
import { LifeguardError } from '../errors.js';
import { operatorOf } from '../features/audit-log/index.js';
import {
  type Asking,
  type CommandRequest,
  commandsOf,
  leftAloneBy,
} from '../features/back-office/index.js';
import { createLog } from '../log/index.js';
import { StartError } from '../start-error.js';

/** What every action of an operator is given. */
export interface ActionOptions {
  readonly reason: string;
  readonly idempotencyKey?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

export interface OperatorParts {
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: {
    readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
    readonly stdout: NodeJS.WritableStream;
  };
}

/** Somebody at the command line, with a server that listens nowhere. */
export interface Operator {
  readonly asking: Asking;
  readonly write: (line: string) => void;
}

/** A command that is to be run, in the operator's terms. */
export interface PlannedCommand {
  readonly request: CommandRequest;
  /** Where there are several for one name: the id of what is meant. */
  readonly of?: string;
  /** What else there is to say of it. */
  readonly details?: string;
  /** Told once it is done, and never again. */
  readonly secret?: string;
}

/** @throws StartError for anything that keeps it from being done */
export async function asOperator(
  { environment, terminal }: OperatorParts,
  act: (operator: Operator) => Promise<void>,
): Promise<void> {
  const config = readConfig(environment);
  const log = createLog({ level: 'silent' });
  const server = await createServer({ config, log, works: 'on demand' });
  const asking = { app: server.app, actor: operatorOf(accountName()), groups: [] };
  const write = (line: string) => void terminal.stdout.write(`${line}\n`);
  try {
    await act({ asking, write });
  } catch (error) {
    throw error instanceof LifeguardError ? new StartError(told(error), { cause: error }) : error;
  } finally {
    await server.close();
  }
}

/** Whom or what it is done to, and what becomes of each. */
export interface Actions {
  readonly names: readonly string[];
  readonly plan: (name: string) => Promise<readonly PlannedCommand[]>;
  /** Before anything is done, once all is planned. */
  readonly confirm?: (planned: readonly PlannedCommand[]) => Promise<void>;
}

/**
 * Does one after the other. Of several, one that cannot be done is told in a line and keeps no other from it.
 * @throws StartError where not all were done
 */
export async function actOnEach(
  { asking, write }: Operator,
  { names, plan, confirm }: Actions,
  { dryRun }: Pick<ActionOptions, 'dryRun'>,
): Promise<void> {
  const isOne = names.length === 1;
  const left = new Set<string>();
  const attempt = async <Value>(name: string, work: () => Promise<Value>) => {
    try {
      return await work();
    } catch (error) {
      const isTold = error instanceof LifeguardError || error instanceof StartError;
      if (isOne || !isTold) throw error;
      left.add(name);
      write(`${name}: not done. ${told(error)}`);
      return undefined;
    }
  };
  const planned: { readonly name: string; readonly commands: readonly PlannedCommand[] }[] = [];
  for (const name of names)
    planned.push({ name, commands: (await attempt(name, () => plan(name))) ?? [] });
  await confirm?.(planned.flatMap(({ commands }) => commands));
  for (const { name, commands } of planned)
    for (const command of commands)
      await attempt(name, async () => {
        const lines = await linesOf(asking, command, dryRun);
        for (const line of lines) write(isOne ? line : `${name}: ${line}`);
      });
  if (left.size > 0) throw new StartError(`${left.size} of ${names.length} were not done.`);
}

async function linesOf({ app }: Asking, command: PlannedCommand, dryRun: true | undefined) {
  const { request, of, details, secret } = command;
  const what = `${[request.kind.action, of].filter(Boolean).join(' of ')}${details ? ` (${details})` : ''}`;
  if (dryRun) {
    await commandsOf(app).rehearse(request);
    return [`Nothing was done. ${what} would be.`];
  }
  const done = await commandsOf(app).run(request);
  const lines = [`Done: ${what}. The audit log has it as ${done.id}.`, leftAloneBy(done), secret];
  return lines.filter((line) => line !== undefined);
}

/** Asks at the terminal, unless told not to. */
export async function expectYes(
  { stdin, stdout }: OperatorParts['terminal'],
  { yes, dryRun }: Pick<ActionOptions, 'yes' | 'dryRun'>,
): Promise<void> {
  if (yes || dryRun) return;
  if (!stdin.isTTY)
    throw new StartError('Deleting needs a yes, and there is no terminal to ask at. Give --yes.');
  const terminal = createInterface({ input: stdin, output: stdout });
  const answer = await terminal.question('Delete? Type yes: ');
  terminal.close();
  if (answer.trim() !== 'yes') throw new StartError('Nothing was deleted.');
}

function told(error: LifeguardError | StartError): string {
  const hint = error instanceof LifeguardError ? error.hint : undefined;
  return [error.message, hint].filter(Boolean).join(' ');
}

/** Containers may run as an account without a name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
