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
  deletionPreview,
  inviteRequest,
  signOutRequests,
  userRequests,
} from '../features/back-office/index.js';
import { createLog } from '../log.js';
import { StartError } from '../start-error.js';
import { findUser } from './find-user.js';

export interface UserOptions {
  readonly reason: string;
  readonly group?: string;
  readonly pool?: string;
  readonly until?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

export interface UserParts {
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: Pick<NodeJS.Process, 'stdin' | 'stdout'>;
}

type Action = (asking: Asking, who: string, options: UserOptions) => Promise<CommandRequest>;

/** What there is to do, as the mutations of the back office do it. */
const ACTIONS: Readonly<Record<string, Action>> = {
  disable: async (asking, who, { reason, until }) => {
    const end = until === undefined ? null : momentIn(until);
    return userRequests.disableUser(asking, { id: await idOf(asking, who), reason, until: end });
  },
  enable: async (asking, who, { reason }) =>
    userRequests.enableUser(asking, { id: await idOf(asking, who), reason }),
  'sign-out': async (asking, who, { reason }) =>
    signOutRequests.signOutUser(asking, { id: await idOf(asking, who), reason }),
  delete: async (asking, who, { reason }) =>
    userRequests.deleteUser(asking, { id: await idOf(asking, who), reason }),
  'reset-password': async (asking, who, { reason, pool: poolId }) =>
    userRequests.resetUserPassword(asking, { id: await idOf(asking, who), reason, poolId }),
  'add-to-group': async (asking, who, options) =>
    userRequests.addUserToGroup(asking, await membershipIn(asking, who, options)),
  'remove-from-group': async (asking, who, options) =>
    userRequests.removeUserFromGroup(asking, await membershipIn(asking, who, options)),
  invite: async (asking, email, { reason, pool: poolId, group }) =>
    inviteRequest(asking, { email, reason, poolId, groups: group === undefined ? [] : [group] }),
};

/**
 * Does it as the operator, who is named in the audit log by the account on this machine, and says what came of it.
 * @throws StartError for anything that keeps it from being done
 */
export async function actOnUser(
  name: string,
  who: string,
  options: UserOptions,
  { environment, terminal }: UserParts,
): Promise<void> {
  const action = ACTIONS[name];
  if (action === undefined)
    throw new StartError(
      `There is no action ${name}. Give one of: ${Object.keys(ACTIONS).join(', ')}.`,
    );
  const config = readConfig(environment);
  const log = createLog({ level: 'silent' });
  const server = await createServer({ config, log, works: 'on demand' });
  const { app } = server;
  const write = (line: string) => terminal.stdout.write(`${line}\n`);
  try {
    const request = await action(
      { app, actor: operatorOf(operatorName()), groups: [] },
      who,
      options,
    );
    if (name === 'delete') for (const line of await losses(request, app)) write(line);
    if (options.dryRun) {
      await request.check?.();
      await app.orm.em.fork().transactional(async (em) => request.admit?.(em));
      return void write(`Nothing was done. ${request.kind.action} would be.`);
    }
    if (name === 'delete' && options.yes !== true) await expectYes(terminal);
    const { id } = await commandsOf(app).run(request);
    write(`Done: ${request.kind.action}. The audit log has it as ${id}.`);
  } catch (error) {
    if (!(error instanceof LifeguardError)) throw error;
    throw new StartError([error.message, error.hint].filter(Boolean).join(' '), { cause: error });
  } finally {
    await server.close();
  }
}

async function idOf({ app }: Asking, who: string): Promise<string> {
  return findUser(app.orm.em.fork(), who);
}

async function membershipIn(asking: Asking, who: string, options: UserOptions) {
  const { group, reason, pool: poolId } = options;
  if (group === undefined) throw new StartError('--group is missing. Name the group.');
  return { id: await idOf(asking, who), reason, group, poolId };
}

function momentIn(until: string): Date {
  const moment = new Date(until);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new StartError(`--until is ${until}. Give a moment such as 2027-01-31T12:00:00Z.`);
}

async function losses({ targetId = '' }: CommandRequest, app: Asking['app']): Promise<string[]> {
  const { accounts, alongside } = await deletionPreview(app, targetId);
  return [
    `${targetId} has ${accounts} account(s), which would be deleted.`,
    ...alongside.map(({ table, column, rows, fate }) => {
      return `${table}.${column}: ${rows} row(s), ${fate.toLowerCase().replaceAll('_', ' ')}`;
    }),
  ];
}

async function expectYes({ stdin, stdout }: UserParts['terminal']): Promise<void> {
  if (!stdin.isTTY)
    throw new StartError('Deleting needs a yes, and there is no terminal to ask at. Give --yes.');
  const terminal = createInterface({ input: stdin, output: stdout });
  const answer = await terminal.question('Delete? Type yes: ');
  terminal.close();
  if (answer.trim() !== 'yes') throw new StartError('Nothing was deleted.');
}

/** Containers may run as an account without a name. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
