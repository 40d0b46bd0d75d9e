import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { commonOf, deletionPreview, itemKey } from '../features/back-office/index.js';
import { StartError } from '../start-error.js';
import {
  actOnEach,
  asOperator,
  expectYes,
  type Operator,
  type OperatorParts,
  type PlannedCommand,
} from './operator.js';
import { USER_ACTIONS, type UserActionName, type UserOptions } from './user-actions.js';

/**
 * Does it to each as the operator, who is named in the audit log by the account on this machine, and says what
 * came of it.
 * @throws StartError for anything that keeps it from being done
 */
export async function actOnUsers(
  name: UserActionName,
  who: readonly string[],
  options: UserOptions,
  parts: OperatorParts,
): Promise<void> {
  const { stdin } = parts.terminal;
  if (options.from === '-' && options.passwordStdin)
    throw new StartError('The standard input has either the users or the password.');
  const names = [...new Set([...who, ...(await namesIn(options.from, stdin))])];
  if (names.length === 0)
    throw new StartError('Nobody is named. Give ids, e-mail addresses or user names, or --from.');
  const password = options.passwordStdin && (await text(stdin)).replace(/\r?\n$/, '');
  const given = { ...options, ...(password !== undefined && { password }) };
  await asOperator(parts, async (operator) => {
    // What is wrong with all of them is told once.
    commonOf(options);
    const plan = async (one: string) => {
      const planned = await USER_ACTIONS[name](operator.asking, one, given);
      return planned.map((command) => withItemKey(command, one));
    };
    const confirm = async (planned: readonly PlannedCommand[]) => {
      for (const command of planned) await tellLosses(operator, command);
      if (planned.length > 0) await expectYes(parts.terminal, options);
    };
    await actOnEach(operator, { names, plan, ...(name === 'delete' && { confirm }) }, options);
  });
}

/** One of the lines of a file, or of the standard input. */
async function namesIn(
  from: string | undefined,
  stdin: OperatorParts['terminal']['stdin'],
): Promise<string[]> {
  if (from === undefined) return [];
  const lines = from === '-' ? await text(stdin) : await linesOf(from);
  // What is in UTF-16, as some shells write files, is full of it.
  if (lines.includes('\0'))
    throw new StartError('What --from names is no text in UTF-8. Save it as such.');
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function linesOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartError(`${file} cannot be read.`, { cause });
  }
}

/** So that the same again goes on where it was cut off. */
function withItemKey({ request, ...others }: PlannedCommand, name: string): PlannedCommand {
  const { idempotencyKey: key } = request;
  if (key === undefined) return { request, ...others };
  return { ...others, request: { ...request, idempotencyKey: itemKey(key, [name, others.of]) } };
}

async function tellLosses({ asking, write }: Operator, { request }: PlannedCommand): Promise<void> {
  const { targetId = '' } = request;
  const { accounts, alongside } = await deletionPreview(asking.app, targetId);
  write(`${targetId} has ${accounts} account(s), which would be deleted.`);
  for (const { table, column, rows, fate } of alongside)
    write(`${table}.${column}: ${rows} row(s), ${fate.toLowerCase().replaceAll('_', ' ')}`);
}
