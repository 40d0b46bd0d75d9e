import { type Command, Option } from 'commander';
import type { GroupActionName, GroupOptions } from './group.js';
import type { OperatorParts } from './operator.js';
import type { UserActionName, UserOptions } from './user-actions.js';

const POOL = new Option('--pool <id>', 'which pool, where there are several');
const YES = new Option('--yes', 'delete without asking');
const SET = collected('--set <name=value>', "an attribute, by the pool's name; may be repeated");

/** `lifeguard user`: the mutations on users. What each does is loaded when it is asked for. */
export function addUserCommands(program: Command, parts: OperatorParts): void {
  const user = program
    .command('user')
    .description('act on users as the operator, for when nobody can sign in; the audit log has it');
  const add = (name: UserActionName, description: string, ...options: readonly Option[]) => {
    const whom = name === 'invite' ? 'e-mail addresses' : 'ids, e-mail addresses or user names';
    const command = action(user, name, description, options)
      .argument('[who...]', whom)
      .option('--from <file>', 'more of them, one a line; - is the standard input');
    command.action(async (who: string[], given: UserOptions) => {
      const { actOnUsers } = await import('./user.js');
      await actOnUsers(name, who, given, parts);
    });
  };
  const group = new Option('--group <name>', 'which group').makeOptionMandatory();

  add(
    'disable',
    'stop them from signing in, and refuse their tokens',
    new Option('--until <moment>', 'when to enable them again, such as 2027-01-31T12:00:00Z'),
  );
  add('enable', 'let disabled ones sign in again');
  add('sign-out', 'end every sign-in of theirs, at the pool and here');
  add(
    'end-sessions',
    'end sign-ins one by one, here alone; a dry run lists them',
    collected('--session <id>', 'this one; may be repeated; all that go on by default'),
  );
  add('delete', 'delete them at every pool, and here with whatever refers to them', YES);
  add(
    'update-attributes',
    'change attributes at the pool',
    SET,
    collected('--remove <name>', 'an attribute to remove; may be repeated'),
    POOL,
  );
  add('reset-password', 'have the pool send a code for a new password', POOL);
  add(
    'set-temporary-password',
    'set a password to be changed at the next sign-in: one that is made up and told once',
    new Option('--password-stdin', 'read it from the standard input instead'),
    POOL,
  );
  add('resend-invitation', 'invite again who has not signed in yet', POOL);
  add('add-to-group', 'put them into a group', group, POOL);
  add(
    'remove-from-group',
    'take them out of a group',
    group,
    new Option('--end-sessions', 'refuse their tokens of before too'),
    POOL,
  );
  add(
    'invite',
    'make accounts at the pool, which tells the people',
    collected('--into <group>', 'a group to put them into; may be repeated'),
    SET,
    new Option('--message <how>', 'how the pool tells them')
      .choices(['EMAIL', 'SMS', 'NONE'])
      .default('EMAIL'),
    POOL,
  );
}

/** `lifeguard group`: the mutations on groups, and which there are. */
export function addGroupCommands(program: Command, parts: OperatorParts): void {
  const group = program
    .command('group')
    .description('see to the groups of a pool as the operator; the audit log has it');
  const add = (name: GroupActionName, description: string, ...options: readonly Option[]) => {
    const command = action(group, name, description, [...options, POOL]).argument('<name>');
    command.action(async (named: string, given: GroupOptions) => {
      const { actOnGroup } = await import('./group.js');
      await actOnGroup(name, named, given, parts);
    });
  };
  const settings = [
    new Option('--description <text>', 'what it says of itself'),
    new Option('--precedence <number>', 'the lower, the more it counts'),
  ];

  group
    .command('list')
    .description('name, precedence, roles here and description of each')
    .addOption(POOL)
    .action(async (given: Pick<GroupOptions, 'pool'>) => {
      const { listGroups } = await import('./group.js');
      await listGroups(given, parts);
    });
  add('create', 'make a group', ...settings);
  add('update', 'change what a group says of itself; what is not given stays', ...settings);
  add('delete', 'delete a group, whoever is in it', YES);
}

function action(
  parent: Command,
  name: string,
  description: string,
  options: readonly Option[],
): Command {
  const command = parent
    .command(name)
    .description(description)
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--dry-run', 'do nothing; ask every rule, and say what would be done')
    .option('--idempotency-key <key>', 'made up for this: the same again does nothing, for a day');
  for (const option of options) command.addOption(option);
  return command;
}

/** An option that may be repeated. */
function collected(flags: string, description: string): Option {
  return new Option(flags, description).argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
